-- Deploy carrierpay:payment_create to pg
-- requires: subscriber
-- requires: contract
-- requires: event
-- requires: basics

-- Stores payments: one that waits for its shopper, with its first event, or
-- one of a subscriber who has consented before, as an intent that the caller
-- charges now.
--
-- Written for the batch in which every operation is new: then two statements
-- do it.  Only when some row was not stored (refused, or its key is there
-- already) a third one finds out why.
--
-- Sequential scans and joins other than nested loops are switched off: the
-- generic plans are made while the tables are empty and live as long as the
-- connection, and a batch is short whatever the tables have grown to.

begin;
set local role carrierpay_owner;

create function carrierpay.payment_create(p_id bigint[], p_merchant_id int[],
    p_live bool[], p_idempotency uuid[], p_request uuid[], p_amount bigint[],
    p_currency text[], p_description text[], p_reference text[],
    p_return_url text[], p_metadata text[], p_pseudonym_id bigint[],
    p_expires bigint[], p_body text[])
returns table (ord int, result text, payment_id bigint, body text,
    operator text, msisdn bytea)
language plpgsql security definer
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
#variable_conflict use_column
declare
    v_now      bigint := now_ms();
    v_count    int := cardinality(p_id);
    v_new      bigint[];
    v_result   text[];
    v_operator text[];
    v_msisdn   bytea[];
    v_id       bigint[] := p_id;
    v_body     text[] := p_body;
begin
    with op as materialized (
        select o.*, ps.subscriber_id, s.operator, s.msisdn,
               k.id as contract_id,
               case
               when o.amount not between 1 and split_limit() then
                   'amount_not_allowed'
               when o.pseudonym_id is null then
                   (select case when count(*) = 0 then 'no_contract'
                                when bool_or(c.currency = o.currency) then
                                    'pending'
                                else 'currency_mismatch' end
                      from contract c
                     where c.merchant_id = o.merchant_id and c.live = o.live
                       and c.valid_from <= v_now
                       and coalesce(c.valid_to > v_now, true))
               when s.msisdn is null then 'subscriber_unknown'
               when k.id is null then 'no_contract'
               when k.currency <> o.currency then 'currency_mismatch'
               when split_payable(o.amount, k.vat_bp, k.operator_share_bp,
                                  k.fee_bp, k.fee_fixed) < 0 then
                   'amount_not_allowed'
               else 'processing' end as result
          from (select unnest(p_id) as id,
                       unnest(p_merchant_id) as merchant_id,
                       unnest(p_live) as live,
                       unnest(p_idempotency) as idempotency,
                       unnest(p_request) as request,
                       unnest(p_amount) as amount,
                       unnest(p_currency) as currency,
                       unnest(p_description) as description,
                       unnest(p_reference) as reference,
                       unnest(p_return_url) as return_url,
                       unnest(p_metadata) as metadata,
                       unnest(p_pseudonym_id) as pseudonym_id,
                       unnest(p_expires) as expires, unnest(p_body) as body) o
          left join pseudonym ps
            on ps.id = o.pseudonym_id and ps.merchant_id = o.merchant_id
           and ps.live = o.live
          left join subscriber s on s.id = ps.subscriber_id
          left join contract k
            on k.merchant_id = o.merchant_id and k.operator = s.operator
           and k.live = o.live and k.valid_from <= v_now
           and coalesce(k.valid_to > v_now, true)
    ), stored as (
        insert into payment (id, idempotency, request, amount, subscriber_id,
            pseudonym_id, attempt, created, expires, merchant_id, contract_id,
            events, live, state, currency, operator, description, reference,
            return_url, metadata)
        select id, idempotency, request, amount, subscriber_id, pseudonym_id,
               case result when 'processing' then id end, v_now, expires,
               merchant_id, contract_id,
               case result when 'pending' then 1 else 0 end, live,
               case result when 'pending' then 'p' else 'r' end::"char",
               currency, operator, description, reference, return_url, metadata
          from op
         where result in ('pending', 'processing')
         order by idempotency, id
        on conflict do nothing
        returning id, state, expires
    ), due as (
        insert into payment_due (payment_id, due_at)
        select id, case state when 'p' then expires else v_now + 60000 end
          from stored
    ), told as (
        insert into event (payment_id, seq, type, body, at)
        select id, 1, 'payment.created', body, v_now
          from op
         where result = 'pending' and id = any (array(select id from stored))
    )
    select array_agg(result), array_agg(operator), array_agg(msisdn),
           array(select id from stored)
      into v_result, v_operator, v_msisdn, v_new
      from op;

    if cardinality(v_new) < v_count then
        select array_agg(case
                   when x.id is null and o.result in ('pending', 'processing')
                       then 'in_flight'
                   when x.id is null then o.result
                   when x.request <> o.request then 'mismatch'
                   when x.id <> o.id then
                       case when e.body is null then 'in_flight'
                            else 'replay' end
                   when x.state = 'p' and x.events = 1 then 'pending'
                   when x.state = 'r' and x.events = 0
                        and d.attempts = 0 then 'processing'
                   when e.body is null then 'in_flight'
                   else 'replay' end),
               array_agg(coalesce(x.id, o.id)),
               array_agg(e.body)
          into v_result, v_id, v_body
          from (select unnest(p_id) as id, unnest(p_request) as request,
                       unnest(p_idempotency) as idempotency,
                       unnest(v_result) as result) o
          left join payment x on x.idempotency = o.idempotency
          left join payment_due d on d.payment_id = x.id
          left join event e on e.payment_id = x.id and e.seq = 1;
    end if;

    return query
    select generate_series(1, v_count), unnest(v_result), unnest(v_id),
           unnest(v_body), unnest(v_operator), unnest(v_msisdn);
end
$$;

revoke all on function carrierpay.payment_create from public;
grant execute on function carrierpay.payment_create to carrierpay;

commit;
