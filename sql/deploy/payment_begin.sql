-- Deploy carrierpay:payment_begin to pg
-- requires: payment_view
-- requires: contract
-- requires: block
-- requires: consent
-- requires: pin
-- requires: basics

-- Commits the intent to charge: pending -> processing, with the contract of
-- the day and the amounts that it gives to each side, the subscriber's
-- pseudonym and the consent.  The caller charges when, and only when, the
-- result is 'processing'; 'busy' means that another session holds the payment:
-- ask again.  An attempt with the right PIN (p_pin_attempt) is taken back from
-- those that count against the number.
--
-- Planner settings: see payment_create.

begin;
set local role carrierpay_owner;

create function carrierpay.payment_begin(p_payment_id bigint[],
    p_attempt bigint[], p_operator text[], p_subscriber_id bigint[],
    p_msisdn_index bytea[], p_msisdn bytea[], p_pseudonym_id bigint[],
    p_method text[], p_mvno text[], p_shown_at bigint[], p_locale text[],
    p_page bytea[], p_shown text[], p_address text[], p_agent text[],
    p_pin_attempt bigint[])
returns table (ord int, result text, state text, id bigint, merchant_id int,
    merchant_name text, live bool, amount bigint, currency text,
    description text, reference text, return_url text, metadata text,
    view_state text, outcome_unknown bool, failure_code text, operator text,
    operator_name text, pseudonym_id bigint, msisdn bytea, attempt bigint,
    created bigint, expires bigint, locale text, email bytea,
    approval bool, pin bool)
language plpgsql security definer
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
set enable_memoize = off
as $$
#variable_conflict use_column
declare
    v_now        bigint := now_ms();
    v_locked     bigint[];
    v_busy       bigint[] := '{}';
    v_result     text[];
    v_contract   int[];
    v_share      bigint[];
    v_tax        bigint[];
    v_fee        bigint[];
    v_live       bool[];
    v_merchant   int[];
    v_blocked    bool[];
    v_subscriber bigint[];
    v_stale      bigint[];
    v_id         bigint[];
begin
    -- what another session holds is not waited for: the caller comes again
    v_locked := array(
        select p.id from payment p where p.id = any (p_payment_id)
         order by p.id for update skip locked);

    if cardinality(v_locked) < cardinality(p_payment_id) then
        v_busy := array(
            select p.id from payment p
             where p.id = any (p_payment_id) and p.id <> all (v_locked));
    end if;

    -- few numbers are blocked: mostly, one look for the whole batch is all
    if exists (select from block b
                where b.msisdn_index = any (p_msisdn_index)) then
        select array_agg(exists (
                   select from block b
                    where b.msisdn_index = p_msisdn_index[i]
                      and coalesce(b.merchant_id = p.merchant_id, true)
                      and (b.live or not p.live)))
          into v_blocked
          from generate_subscripts(p_payment_id, 1) as i
          left join lateral (
               select p.merchant_id, p.live from payment p
                where p.id = p_payment_id[i] offset 0) p on true;
    end if;

    -- two begins of one payment in a batch: the first wins
    select array_agg(case
               when p.id is null then 'not_found'
               when p.id = any (v_busy) then 'busy'
               when p.state = 'x' then 'expired'
               when array_position(p_payment_id, p.id) <> i then 'already'
               when p.state = 'r' and p.attempt = p_attempt[i]
                    and d.attempts = 0 and not p.outcome_unknown
                    and not p.approval then 'processing'
               when p.state <> 'p' then 'already'
               when p.expires <= v_now then 'expired'
               when k.id is null then 'no_contract'
               when k.currency <> p.currency then 'currency_mismatch'
               when split_payable(p.amount, k.vat_bp, k.operator_share_bp,
                                  k.fee_bp, k.fee_fixed) < 0 then
                   'amount_not_allowed'
               when v_blocked[i] then 'blocked_by_subscriber'
               else 'begin' end),
           array_agg(k.id), array_agg(p.live), array_agg(p.merchant_id),
           array_agg(split_share(p.amount, k.vat_bp, k.operator_share_bp)),
           array_agg(split_vat(p.amount, k.vat_bp)),
           array_agg(split_fee(p.amount, k.fee_bp, k.fee_fixed))
      into v_result, v_contract, v_live, v_merchant, v_share, v_tax, v_fee
      from generate_subscripts(p_payment_id, 1) as i
      left join lateral (
           select * from payment p where p.id = p_payment_id[i] offset 0) p
        on true
      left join lateral (
           select d.attempts from payment_due d
            where d.payment_id = p.id offset 0) d on true
      left join lateral (
           select * from contract k
            where k.merchant_id = p.merchant_id
              and k.operator = p_operator[i] and k.live = p.live
              and k.valid_from <= v_now
              and coalesce(k.valid_to > v_now, true) offset 0) k on true;

    if 'begin' = any (v_result) then

        insert into subscriber (id, msisdn_index, live, msisdn, operator,
                                mvno)
        select distinct on (p_msisdn_index[i], v_live[i])
               p_subscriber_id[i], p_msisdn_index[i], v_live[i], p_msisdn[i],
               p_operator[i], p_mvno[i]
          from generate_subscripts(p_payment_id, 1) as i
         where v_result[i] = 'begin'
         order by p_msisdn_index[i], v_live[i], i
        on conflict (msisdn_index, live) do nothing;

        select array_agg(s.id),
               array_agg(s.id) filter (where s.operator <> p_operator[i]
                                          or s.mvno is distinct from p_mvno[i]
                                          or s.msisdn is null)
          into v_subscriber, v_stale
          from generate_subscripts(p_payment_id, 1) as i
          left join lateral (
               select s.id, s.operator, s.mvno, s.msisdn from subscriber s
                where s.msisdn_index = p_msisdn_index[i]
                  and s.live = v_live[i] and v_result[i] = 'begin'
               offset 0) s on true;

        if exists (select from generate_subscripts(p_payment_id, 1) as i
                    where v_result[i] = 'begin'
                      and v_subscriber[i] is null) then
            raise exception 'a payment would begin without its subscriber';
        end if;

        -- The number has moved to another network, or had been erased: then
        -- it may have another holder now, and no merchant knows that one yet.
        if v_stale is not null then
            update pseudonym n set known_since = null
             where n.known_since is not null
               and n.subscriber_id = any (array(
                   select s.id from subscriber s
                    where s.id = any (v_stale) and s.msisdn is null));

            update subscriber s
               set operator = p_operator[array_position(v_subscriber, s.id)],
                   mvno = p_mvno[array_position(v_subscriber, s.id)],
                   msisdn = coalesce(s.msisdn, p_msisdn[
                                     array_position(v_subscriber, s.id)])
             where s.id = any (v_stale);
        end if;

        insert into pseudonym (id, merchant_id, subscriber_id, live,
                               consented_at, method)
        select distinct on (v_subscriber[i], v_merchant[i], v_live[i])
               p_pseudonym_id[i], v_merchant[i], v_subscriber[i], v_live[i],
               v_now, p_method[i]
          from generate_subscripts(p_payment_id, 1) as i
         where v_subscriber[i] is not null
         order by v_subscriber[i], v_merchant[i], v_live[i], i
        on conflict (subscriber_id, merchant_id, live) do nothing;

        v_id := array(select case when v_subscriber[i] is not null then
                                 p_payment_id[i] end
                        from generate_subscripts(p_payment_id, 1) as i);

        update payment p
           set (state, attempt, operator, contract_id, share, tax, fee,
                subscriber_id, pseudonym_id, locale) = (
               select 'r'::"char", p_attempt[i], p_operator[i],
                      v_contract[i], v_share[i], v_tax[i], v_fee[i],
                      v_subscriber[i], n.id, coalesce(p.locale, p_locale[i])
                 from array_position(v_id, p.id) as i
                cross join lateral (
                      select n.id from pseudonym n
                       where n.subscriber_id = v_subscriber[i]
                         and n.merchant_id = p.merchant_id
                         and n.live = p.live offset 0) n)
         where p.id = any (v_id);

        -- the intent is leased to the worker that made it
        update payment_due d
           set due_at = v_now + 60000,
               token = p_attempt[array_position(v_id, d.payment_id)]
         where d.payment_id = any (v_id);

        insert into consent (payment_id, at, shown_at, merchant_id, method,
                             locale, shown, address, agent, page)
        select v_id[i], v_now, p_shown_at[i], v_merchant[i], p_method[i],
               p_locale[i], p_shown[i], p_address[i], p_agent[i], p_page[i]
          from generate_subscripts(v_id, 1) as i
         where v_id[i] is not null;
    end if;

    if exists (select from unnest(p_pin_attempt) as t where t is not null) then
        delete from pin_failure f where f.id = any (p_pin_attempt);
    end if;

    return query
    select i, case v_result[i] when 'begin' then 'processing'
                               else v_result[i] end, v.state, v.*
      from generate_subscripts(p_payment_id, 1) as i
      left join lateral (
           select * from payment_view v
            where v.id = p_payment_id[i] offset 0) v on true
     order by i;
end
$$;

revoke all on function carrierpay.payment_begin from public;
grant execute on function carrierpay.payment_begin to carrierpay;

commit;
