-- Deploy carrierpay:payment_expire to pg
-- requires: event
-- requires: basics

-- Pending payments whose time is over.  Results: 'expired'; 'already', it is
-- not pending any more; 'early', its time is not over; 'not_found'.
--
-- Planner settings: see payment_create.

begin;
set local role carrierpay_owner;

create function carrierpay.payment_expire(p_payment_id bigint[],
    p_body text[])
returns table (ord int, result text)
language plpgsql security definer
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
#variable_conflict use_column
declare
    v_now     bigint := now_ms();
    v_expired int[];
begin
    with done as (
        update payment p
           set state = 'x', events = p.events + 1
          from (select generate_subscripts(p_payment_id, 1) as ord,
                       unnest(p_payment_id) as payment_id,
                       unnest(p_body) as body
                 order by payment_id, ord) o
         where p.id = o.payment_id and p.state = 'p' and p.expires <= v_now
        returning o.ord, o.body, p.id, p.events, p.merchant_id, p.live
    ), told as (
        insert into event (payment_id, seq, type, body, at)
        select id, events, 'payment.expired', body, v_now from done
    ), owed as (
        insert into outbox (due_at, payment_id, seq, endpoint_id)
        select v_now, d.id, d.events, e.id
          from done d
          join endpoint e on e.merchant_id = d.merchant_id
               and e.live = d.live and e.enabled
    ), settled as (
        delete from payment_due q using done d where q.payment_id = d.id
    )
    select array(select ord from done) into v_expired;

    return query
    select o.ord, case when o.ord = any (v_expired) then 'expired'
                       when x.id is null then 'not_found'
                       when x.state <> 'p' then 'already'
                       else 'early' end
      from (select generate_subscripts(p_payment_id, 1) as ord,
                   unnest(p_payment_id) as payment_id) o
      left join payment x on x.id = o.payment_id;
end
$$;

revoke all on function carrierpay.payment_expire from public;
grant execute on function carrierpay.payment_expire to carrierpay;

commit;
