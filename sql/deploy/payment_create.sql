-- Deploy carrierpay:payment_create to pg
-- requires: subscriber
-- requires: contract
-- requires: event
-- requires: block
-- requires: consent
-- requires: basics

-- Stores payments: one that waits for its shopper, with its first event, or
-- one of a subscriber whom the merchant knows, as an intent that the caller
-- charges now.  One whose holder has blocked that is an intent, too, with an
-- id and an outcome: 'blocked_by_subscriber', and the caller fails it.
--
-- Written for the batch in which every operation is new.  Only when some row
-- was not stored (refused, or its key is there already) another statement
-- finds out why.
--
-- How plans stay good: the generic ones are made while the tables are empty
-- and live as long as the connection.  So the planner is left no choice: each
-- look into a table is a lateral subquery behind an OFFSET 0, which it cannot
-- turn around, by an index, because sequential scans are off.  Memoize does
-- not pay for keys that do not repeat.  Looking a contract up once for each
-- merchant and operator of the batch, by a join with the distinct ones, was
-- tried: it saves 2 % when all are of one merchant and costs as much when
-- they are of many.
--
-- Arrays are read by subscript: that is constant time here, because plpgsql
-- holds them expanded, and cheaper than unnest for each.

begin;
set local role carrierpay_owner;

create function carrierpay.payment_create(p_id bigint[], p_merchant_id int[],
    p_live bool[], p_idempotency uuid[], p_request uuid[], p_amount bigint[],
    p_currency text[], p_description text[], p_reference text[],
    p_return_url text[], p_metadata text[], p_pseudonym_id bigint[],
    p_expires bigint[], p_body text[], p_locale text[], p_email bytea[],
    p_traceparent text[] default null)
returns table (ord int, result text, payment_id bigint, body text,
    operator text, msisdn bytea, mvno text)
language plpgsql security definer
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
set enable_memoize = off
as $$
#variable_conflict use_column
declare
    v_now        bigint := now_ms();
    v_id         bigint[] := p_id;
    v_body       text[] := p_body;
    v_result     text[];
    v_subscriber bigint[];
    v_operator   text[];
    v_msisdn     bytea[];
    v_mvno       text[];
    v_contract   int[];
    v_share      bigint[];
    v_tax        bigint[];
    v_fee        bigint[];
    v_index      bytea[];
    v_blocked    bool[];
    v_stored     bigint[];
    v_all        bool;
begin
    -- may it be done?
    select array_agg(case
               when a.amount is null then 'amount_not_allowed'
               when p_pseudonym_id[i] is null then null
               when s.msisdn is null then 'subscriber_unknown'
               when k.id is null then 'no_contract'
               when k.currency <> p_currency[i] then 'currency_mismatch'
               when split_payable(a.amount, k.vat_bp, k.operator_share_bp,
                                  k.fee_bp, k.fee_fixed) < 0 then
                   'amount_not_allowed'
               else 'processing' end),
           array_agg(s.id), array_agg(s.operator), array_agg(s.msisdn),
           array_agg(k.id), array_agg(s.msisdn_index), array_agg(s.mvno),
           array_agg(split_share(a.amount, k.vat_bp, k.operator_share_bp)),
           array_agg(split_vat(a.amount, k.vat_bp)),
           array_agg(split_fee(a.amount, k.fee_bp, k.fee_fixed))
      into v_result, v_subscriber, v_operator, v_msisdn, v_contract, v_index,
           v_mvno, v_share, v_tax, v_fee
      from generate_subscripts(p_id, 1) as i
     cross join lateral (
           select case when p_amount[i] between 1 and split_limit()
                       then p_amount[i] end as amount) a
      left join lateral (
           select n.subscriber_id from pseudonym n
            where n.id = p_pseudonym_id[i] and n.live = p_live[i]
              and n.merchant_id = p_merchant_id[i]
              and n.known_since is not null offset 0) n on true
      left join lateral (
           select s.id, s.operator, s.msisdn, s.msisdn_index, s.mvno
             from subscriber s
            where s.id = n.subscriber_id offset 0) s on true
      left join lateral (
           select * from contract k
            where k.merchant_id = p_merchant_id[i]
              and k.operator = s.operator and k.live = p_live[i]
              and k.valid_from <= v_now
              and coalesce(k.valid_to > v_now, true) offset 0) k on true;

    -- few numbers are blocked: mostly, one look for the whole batch is all
    if exists (select from block b where b.msisdn_index = any (v_index)) then
        select array_agg(exists (
                   select from block b
                    where b.msisdn_index = v_index[i]
                      and coalesce(b.merchant_id = p_merchant_id[i], true)
                      and (b.live or not p_live[i])))
          into v_blocked
          from generate_subscripts(p_id, 1) as i;
    end if;

    -- without a subscriber no operator is known yet: some contract must do
    if array_position(v_result, null) is not null then
        select array_agg(coalesce(v_result[i], (
                   select case when count(*) = 0 then 'no_contract'
                               when bool_or(k.currency = p_currency[i]) then
                                   'pending'
                               else 'currency_mismatch' end
                     from contract k
                    where k.merchant_id = p_merchant_id[i]
                      and k.live = p_live[i] and k.valid_from <= v_now
                      and coalesce(k.valid_to > v_now, true))))
          into v_result
          from generate_subscripts(p_id, 1) as i;
    end if;

    -- In the order of the keys, so that concurrent batches with the same
    -- keys wait for each other in one direction.
    with stored as (
        insert into payment (id, idempotency, request, amount, subscriber_id,
            pseudonym_id, attempt, share, tax, fee, created, expires,
            merchant_id, contract_id, events, live, state, currency, operator,
            description, reference, return_url, metadata, locale, email,
            traceparent)
        select p_id[i], p_idempotency[i], p_request[i], p_amount[i],
               v_subscriber[i], p_pseudonym_id[i],
               case v_result[i] when 'processing' then p_id[i] end,
               v_share[i], v_tax[i], v_fee[i],
               v_now, p_expires[i], p_merchant_id[i], v_contract[i],
               case v_result[i] when 'pending' then 1 else 0 end, p_live[i],
               case v_result[i] when 'pending' then 'p' else 'r' end::"char",
               p_currency[i], v_operator[i], p_description[i], p_reference[i],
               p_return_url[i], p_metadata[i], p_locale[i], p_email[i],
               p_traceparent[i]
          from generate_subscripts(p_id, 1) as i
         where v_result[i] in ('pending', 'processing')
         order by p_idempotency[i], i
        on conflict (idempotency) do nothing
        returning id
    )
    select array(select id from stored) into v_stored;

    v_all := cardinality(v_stored) = cardinality(p_id);

    -- an intent is leased to the worker that made it
    insert into payment_due (payment_id, due_at, token)
    select p_id[i], case v_result[i] when 'pending' then p_expires[i]
                                     else v_now + 60000 end,
           case when v_result[i] <> 'pending' then p_id[i] end
      from generate_subscripts(p_id, 1) as i
     where v_all or (p_id[i] = any (v_stored)
                     and array_position(p_id, p_id[i]) = i);

    if 'pending' = any (v_result) then
        insert into event (payment_id, seq, type, body, at)
        select p_id[i], 1, 'payment.created', p_body[i], v_now
          from generate_subscripts(p_id, 1) as i
         where v_result[i] = 'pending'
           and (v_all or (p_id[i] = any (v_stored)
                          and array_position(p_id, p_id[i]) = i));
    end if;

    -- A subscriber who is charged without a page has agreed at an earlier
    -- payment; the consent of this charge says so.
    if 'processing' = any (v_result) then
        insert into consent (payment_id, at, merchant_id, method)
        select p_id[i], v_now, p_merchant_id[i], 'subscriber'
          from generate_subscripts(p_id, 1) as i
         where v_result[i] = 'processing' and v_blocked[i] is not true
           and (v_all or (p_id[i] = any (v_stored)
                          and array_position(p_id, p_id[i]) = i));
    end if;

    -- A row that was not stored: its key belongs to an earlier payment, whose
    -- outcome is the answer.  If that payment has this row's id, this very
    -- batch has stored it, when it was sent before.  As long as no worker has
    -- looked at the payment since, the answer is the same again: one that was
    -- blocked has no consent, and stays so.
    if not v_all then
        select array_agg(w.result), array_agg(coalesce(w.id, p_id[i])),
               array_agg(w.body),
               array_agg(case when w.mine then w.operator end),
               array_agg(case when w.mine then v_msisdn[i] end)
          into v_result, v_id, v_body, v_operator, v_msisdn
          from (select i, x.id, x.operator, e.body,
                       x.id = p_id[i] as mine,
                       case
                       when x.id is null then
                           case when v_result[i] in ('pending', 'processing')
                                then 'in_flight' else v_result[i] end
                       when x.request <> p_request[i] then 'mismatch'
                       when x.state = 'p' and x.events = 1
                            and x.id = p_id[i]
                            and array_position(p_id, x.id) = i then 'pending'
                       when x.state = 'r' and x.events = 0
                            and x.id = p_id[i]
                            and array_position(p_id, x.id) = i
                            and d.attempts = 0 and v_msisdn[i] is not null
                           then case when c.payment_id is null
                                     then 'blocked_by_subscriber'
                                     else 'processing' end
                       when e.body is null then 'in_flight'
                       else 'replay' end as result
                  from generate_subscripts(p_id, 1) as i
                  left join lateral (
                       select * from payment x
                        where x.idempotency = p_idempotency[i] offset 0) x
                    on true
                  left join lateral (
                       select d.attempts from payment_due d
                        where d.payment_id = x.id offset 0) d on true
                  left join lateral (
                       select c.payment_id from consent c
                        where c.payment_id = x.id offset 0) c on true
                  left join lateral (
                       select e.body from event e
                        where e.payment_id = x.id and e.seq = 1 offset 0) e
                    on true
                 order by i) w;
    end if;

    return query
    select i, case when v_blocked[i] and v_result[i] = 'processing' then
                       'blocked_by_subscriber'
                   else v_result[i] end,
           v_id[i], v_body[i], v_operator[i], v_msisdn[i], v_mvno[i]
      from generate_subscripts(p_id, 1) as i;
end
$$;

revoke all on function carrierpay.payment_create from public;
grant execute on function carrierpay.payment_create to carrierpay;

commit;
