-- Deploy carrierpay:event_view to pg
-- requires: payment_view
-- requires: event
-- requires: refund
-- requires: chargeback

-- Every event of a payment, with the payment as it was then, in the columns of
-- payment_view: bodies are rendered from it when they are delivered, and again
-- when an answer is repeated, always the same.
--
-- A payment that waited for its shopper began with an event; so seq counts.

begin;
set local role carrierpay_owner;
set local search_path = carrierpay, pg_temp;

create view event_view as
select p.id as payment_id, e.seq, event_name(e.kind) as type, e.at,
       p.traceparent,
       v.id, v.merchant_id, v.merchant_name, v.live, v.amount, v.currency,
       v.description, v.reference, v.return_url, v.metadata,
       case when k.waits then 'pending'
            when e.kind in ('u', 'a') then 'processing'
            when e.kind = 'h' then 'authorized'
            else v.state end as state,
       e.kind = 'u' as outcome_unknown,
       case when k.over then v.failure_code end as failure_code,
       case when not k.waits then v.operator end as operator,
       case when not k.waits then v.operator_name end as operator_name,
       v.pseudonym_id, v.msisdn, v.attempt, v.created,
       case when k.waits or e.kind in ('u', 'a') then p.expires
            else v.expires end as expires,
       case when k.waits then p.locale else v.locale end as locale,
       v.email, e.kind = 'a' as approval, false as pin, v.category,
       v.later_max,
       case when k.rated then v.share end as share,
       case when k.rated then v.tax end as tax,
       case when k.rated then v.fee end as fee, v.manual,
       case when k.over then v.captured end as captured,
       coalesce(case when e.kind <> 'l' then r.total end, b.refunded, 0)
           as refunded,
       coalesce(case when e.kind <> 'l' then r.charged_back end,
                b.charged_back, 0) as charged_back,
       v.operation,
       case when p.attempts is not null and e.kind <> 'c' then
           attempt_list(p.id, e.at) end as declined,
       r.id as refund_id, r.amount as refund_amount,
       refund_kind_name(r.kind) as refund_kind,
       refund_state_name(case when e.kind <> 'l' then r.state
                              when r.way = 'm' then 'q' else 'r' end)
           as refund_state,
       case when e.kind <> 'l' then r.failure_code end as refund_failure_code,
       r.reason as refund_reason,
       coalesce(b.reverses, b.number)::int as chargeback,
       b.amount as chargeback_amount, b.fee as chargeback_fee,
       case e.kind when 'k' then 'charged_back' when 'v' then 'reversed' end
           as chargeback_state,
       chargeback_reason_name(b.reason) as chargeback_reason,
       bearer_name(b.bearer) as chargeback_bearer
  from payment p
 cross join lateral (
       select 1::smallint as seq, 'c'::"char" as kind, id_time(p.id) as at,
              null::smallint as refund
        where p.attempt is distinct from p.id
        union all
       select e.seq, e.kind, e.at, e.refund from event e
        where e.payment_id = p.id
        union all
       select p.events, case p.state when 'c' then 'n' else p.state end,
              p.ended, null
        where p.ended is not null) e
 cross join lateral (
       -- a declined attempt that was charged after all is told of, and
       -- reversed, before the payment has ended, too
       select e.kind in ('c', 't')
           or e.refund is not null
              and (p.ended is null or e.seq < p.events) as waits) w
 cross join lateral (
       -- a capture of a part rates that part
       select w.waits, not w.waits and e.kind not in ('u', 'a', 'h') as over,
              not w.waits
              and not (p.manual and e.kind in ('u', 'a', 'h')) as rated) k
 cross join lateral (
       select * from payment_view v where v.id = p.id offset 0) v
  left join lateral (
       select * from refund r
        where r.payment_id = p.id and r.number = e.refund offset 0) r
    on true
  left join lateral (
       select * from chargeback b
        where b.payment_id = p.id and b.number = e.refund offset 0) b
    on true;

-- The answer to the request that has made a payment, as it was given: the
-- first event.  There is no row before that.
create function carrierpay.payment_first(p_id bigint)
returns setof carrierpay.payment_view
language plpgsql stable security definer
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
as $$
begin
    return query
    select e.id, e.merchant_id, e.merchant_name, e.live, e.amount, e.currency,
           e.description, e.reference, e.return_url, e.metadata, e.state,
           e.outcome_unknown, e.failure_code, e.operator, e.operator_name,
           e.pseudonym_id, e.msisdn, e.attempt, e.created, e.expires,
           e.locale, e.email, e.approval, e.pin, e.category, e.later_max,
           e.share, e.tax, e.fee, e.manual, e.captured, e.refunded,
           e.charged_back, e.operation, e.declined
      from event_view e where e.payment_id = p_id and e.seq = 1;
end
$$;

revoke all on function payment_first from public;
grant execute on function payment_first to carrierpay;

commit;
