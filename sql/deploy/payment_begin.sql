-- Deploy carrierpay:payment_begin to pg
-- requires: payment_view
-- requires: contract
-- requires: basics

-- Commits the intent to charge: pending -> processing, with the contract of
-- the day and the subscriber's pseudonym.  The caller charges when, and only
-- when, the result is 'processing'.
--
-- Planner settings: see payment_create.

begin;
set local role carrierpay_owner;

create function carrierpay.payment_begin(p_payment_id bigint[],
    p_attempt bigint[], p_operator text[], p_subscriber_id bigint[],
    p_msisdn_index bytea[], p_msisdn bytea[], p_pseudonym_id bigint[],
    p_method text[])
returns table (ord int, result text, state text, id bigint, merchant_id int,
    merchant_name text, live bool, amount bigint, currency text,
    description text, reference text, return_url text, metadata text,
    view_state text, outcome_unknown bool, failure_code text, operator text,
    operator_name text, pseudonym_id bigint, msisdn bytea, attempt bigint,
    attempts int, created bigint, expires bigint)
language plpgsql security definer
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
#variable_conflict use_column
declare
    v_now        bigint := now_ms();
    v_result     text[];
    v_contract   int[];
    v_live       bool[];
    v_merchant   int[];
    v_begun      bigint[];
begin
    -- in the order of the ids, as everywhere
    perform 1 from payment p where p.id = any (p_payment_id)
      order by p.id for update;

    -- two begins of one payment in a batch: the first wins
    select array_agg(case
               when p.id is null then 'not_found'
               when p.state = 'x' then 'expired'
               when array_position(p_payment_id, o.payment_id) <> o.ord then
                   'already'
               when p.state = 'r' and p.attempt = o.attempt
                    and d.attempts = 0 and not p.outcome_unknown then
                   'processing'
               when p.state <> 'p' then 'already'
               when p.expires <= v_now then 'expired'
               when k.id is null then 'no_contract'
               when k.currency <> p.currency then 'currency_mismatch'
               when split_payable(p.amount, k.vat_bp, k.operator_share_bp,
                                  k.fee_bp, k.fee_fixed) < 0 then
                   'amount_not_allowed'
               else 'begin' end),
           array_agg(k.id), array_agg(p.live), array_agg(p.merchant_id)
      into v_result, v_contract, v_live, v_merchant
      from (select generate_subscripts(p_payment_id, 1) as ord,
                   unnest(p_payment_id) as payment_id,
                   unnest(p_attempt) as attempt,
                   unnest(p_operator) as operator) o
      left join payment p on p.id = o.payment_id
      left join payment_due d on d.payment_id = p.id
      left join contract k
        on k.merchant_id = p.merchant_id and k.operator = o.operator
       and k.live = p.live and k.valid_from <= v_now
       and coalesce(k.valid_to > v_now, true);

    if 'begin' = any (v_result) then

        -- a number may have moved to another network, or was erased
        with person as materialized (
            select distinct on (msisdn_index, live) *
              from (select unnest(p_msisdn_index) as msisdn_index,
                           unnest(v_live) as live,
                           unnest(p_subscriber_id) as id,
                           unnest(p_msisdn) as msisdn,
                           unnest(p_operator) as operator,
                           unnest(v_result) as result) o
             where result = 'begin'
             order by msisdn_index, live
        ), moved as (
            update subscriber s
               set operator = n.operator,
                   msisdn = coalesce(s.msisdn, n.msisdn)
              from person n
             where s.msisdn_index = n.msisdn_index and s.live = n.live
               and (s.operator <> n.operator or s.msisdn is null)
        )
        insert into subscriber (id, msisdn_index, live, msisdn, operator)
        select id, msisdn_index, live, msisdn, operator from person
        on conflict do nothing;

        insert into pseudonym (id, merchant_id, subscriber_id, live,
                               consented_at, method)
        select distinct on (s.id, o.merchant_id, o.live)
               o.id, o.merchant_id, s.id, o.live, v_now, o.method
          from (select unnest(p_pseudonym_id) as id,
                       unnest(v_merchant) as merchant_id,
                       unnest(p_msisdn_index) as msisdn_index,
                       unnest(v_live) as live, unnest(p_method) as method,
                       unnest(v_result) as result) o
          join subscriber s
            on s.msisdn_index = o.msisdn_index and s.live = o.live
         where o.result = 'begin'
         order by s.id, o.merchant_id, o.live
        on conflict do nothing;

        with begun as (
            update payment p
               set state = 'r', attempt = o.attempt, operator = o.operator,
                   contract_id = o.contract_id, subscriber_id = s.id,
                   pseudonym_id = n.id
              from (select unnest(p_payment_id) as payment_id,
                           unnest(p_attempt) as attempt,
                           unnest(p_operator) as operator,
                           unnest(p_msisdn_index) as msisdn_index,
                           unnest(v_contract) as contract_id,
                           unnest(v_merchant) as merchant_id,
                           unnest(v_live) as live,
                           unnest(v_result) as result) o
              join subscriber s
                on s.msisdn_index = o.msisdn_index and s.live = o.live
              join pseudonym n
                on n.subscriber_id = s.id and n.live = o.live
               and n.merchant_id = o.merchant_id
             where o.result = 'begin' and p.id = o.payment_id
            returning p.id
        ), soon as (
            update payment_due d set due_at = v_now + 60000
              from begun b
             where d.payment_id = b.id
        )
        select array(select id from begun) into v_begun;
    end if;

    return query
    select o.ord, case when o.result <> 'begin' then o.result
                       when o.payment_id = any (v_begun) then 'processing'
                       else 'already' end,
           v.state, v.*
      from (select generate_subscripts(p_payment_id, 1) as ord,
                   unnest(p_payment_id) as payment_id,
                   unnest(v_result) as result) o
      left join payment_view v on v.id = o.payment_id;
end
$$;

revoke all on function carrierpay.payment_begin from public;
grant execute on function carrierpay.payment_begin to carrierpay;

commit;
