-- Deploy carrierpay:payment_finish to pg
-- requires: journal
-- requires: event
-- requires: basics

-- Writes outcomes: the state, the journal of a charge, the event, what is
-- owed to the merchant's endpoints.  The first outcome of a payment wins.
-- 'unknown' is none: it only says when to ask again, so within a batch an
-- outcome goes before it.
--
-- Written for the batch in which every payment has an outcome and none had
-- one before: then two statements do it.  Planner settings: payment_create.

begin;
set local role carrierpay_owner;

create function carrierpay.payment_finish(p_payment_id bigint[],
    p_outcome text[], p_code text[], p_operator_reference text[],
    p_body text[])
returns table (ord int, result text, state text, outcome_unknown bool,
    failure_code text, body text)
language plpgsql security definer
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
#variable_conflict use_column
declare
    v_now     bigint := now_ms();
    v_count   int := cardinality(p_payment_id);
    v_applied int[];
    v_asked   int[];
begin
    with done as (
        update payment p
           set state = case o.outcome when 'succeeded' then 's'
                                      else 'f' end::"char",
               outcome_unknown = false,
               failure_code = case o.outcome when 'failed' then o.code end,
               operator_reference = o.operator_reference,
               events = p.events + 1
          from (select generate_subscripts(p_payment_id, 1) as ord,
                       unnest(p_payment_id) as payment_id,
                       unnest(p_outcome) as outcome, unnest(p_code) as code,
                       unnest(p_operator_reference) as operator_reference,
                       unnest(p_body) as body
                 order by payment_id, ord) o
         where p.id = o.payment_id and p.state = 'r'
           and o.outcome in ('succeeded', 'failed')
        returning o.ord, o.outcome, o.body, p.id, p.events, p.amount,
                  p.currency, p.merchant_id, p.live, p.contract_id
    ), posted as (
        insert into journal (payment_id, operation, contract_id, currency, at,
                             accounts, amounts)
        select d.id, 1, k.id, d.currency, v_now,
               array_remove(array[k.receivable_account,
                   case when l.share <> 0 then k.share_account end,
                   case when l.tax <> 0 then k.tax_account end,
                   case when l.fee <> 0 then k.revenue_account end,
                   case when l.payable <> 0 then k.payable_account end], null),
               array_remove(array[d.amount, -l.share, -l.tax, -l.fee,
                                  -l.payable], 0)
          from done d
          join contract k on k.id = d.contract_id
         cross join lateral (select
               split_share(d.amount, k.vat_bp, k.operator_share_bp) as share,
               split_vat(d.amount, k.vat_bp) as tax,
               split_fee(d.amount, k.fee_bp, k.fee_fixed) as fee,
               split_payable(d.amount, k.vat_bp, k.operator_share_bp,
                             k.fee_bp, k.fee_fixed) as payable) l
         where d.outcome = 'succeeded'
    ), told as (
        insert into event (payment_id, seq, type, body, at)
        select id, events, 'payment.' || outcome, body, v_now from done
    ), owed as (
        insert into outbox (due_at, payment_id, seq, endpoint_id)
        select v_now, d.id, d.events, e.id
          from done d
          join endpoint e on e.merchant_id = d.merchant_id
               and e.live = d.live and e.enabled
    ), settled as (
        delete from payment_due q using done d where q.payment_id = d.id
    )
    select array(select ord from done) into v_applied;

    if cardinality(v_applied) = v_count then
        return query
        select o.ord, 'applied'::text, o.outcome, false,
               case o.outcome when 'failed' then o.code end, o.body
          from (select generate_series(1, v_count) as ord,
                       unnest(p_outcome) as outcome, unnest(p_code) as code,
                       unnest(p_body) as body) o;
        return;
    end if;

    with asked as (
        update payment p
           set outcome_unknown = true, events = greatest(p.events, 1)
          from (select generate_subscripts(p_payment_id, 1) as ord,
                       unnest(p_payment_id) as payment_id,
                       unnest(p_outcome) as outcome, unnest(p_body) as body
                 order by payment_id, ord) o
         where p.id = o.payment_id and p.state = 'r'
           and o.outcome not in ('succeeded', 'failed')
        returning o.ord, o.body, p.id
    ), told as (
        insert into event (payment_id, seq, type, body, at)
        select id, 1, 'payment.processing', body, v_now from asked
        on conflict do nothing
    ), later as (
        update payment_due q
           set due_at = v_now + jitter_ms((array[5, 15, 60, 300, 900, 3600,
                                21600])[least(q.attempts, 6) + 1])
          from asked a
         where q.payment_id = a.id
    )
    select array(select ord from asked) into v_asked;

    return query
    select o.ord, case when x.id is null then 'not_found'
                       when o.ord = any (v_applied || v_asked) then 'applied'
                       else 'already' end,
           state_name(x.state), x.outcome_unknown, x.failure_code, e.body
      from (select generate_subscripts(p_payment_id, 1) as ord,
                   unnest(p_payment_id) as payment_id) o
      left join payment x on x.id = o.payment_id
      left join event e on e.payment_id = x.id and e.seq = x.events;
end
$$;

revoke all on function carrierpay.payment_finish from public;
grant execute on function carrierpay.payment_finish to carrierpay;

commit;
