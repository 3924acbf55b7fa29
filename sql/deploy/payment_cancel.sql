-- Deploy carrierpay:payment_cancel to pg
-- requires: event
-- requires: basics

-- Pending payments that are not wanted any more: nothing was charged, so
-- nothing is paid back.  Results: 'canceled'; 'in_flight', it is being charged
-- and cannot be canceled now; 'already', it has ended before, perhaps in this
-- way, as the state says; 'busy', another session holds it: ask again;
-- 'not_found'.
--
-- Planner settings: see payment_finish.

begin;
set local role carrierpay_owner;

create function carrierpay.payment_cancel(p_payment_id bigint[])
returns table (ord int, result text, state text)
language plpgsql security definer
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
set enable_nestloop = off
set enable_mergejoin = off
as $$
#variable_conflict use_column
declare
    v_now      bigint := now_ms();
    v_low      bigint;
    v_high     bigint;
    v_canceled int[];
    v_locked   bigint[];
begin
    select min(id), max(id) into v_low, v_high from unnest(p_payment_id) as id;

    with locked as (
        select p.id from payment p
         where p.id = any (p_payment_id) and p.id between v_low and v_high
         order by p.id for no key update skip locked
    ), op as (
        select o.id, min(o.ord) as ord
          from (select p_payment_id[i] as id, i as ord
                  from generate_subscripts(p_payment_id, 1) as i) o
         where o.id in (select id from locked)
         group by o.id
    ), done as (
        update payment p
           set state = 'c', events = p.events + 1, ended = v_now
          from op o
         where p.id = any (p_payment_id) and p.id between v_low and v_high
           and p.id = o.id and p.state = 'p'
        returning o.ord, p.id, p.events, p.merchant_id, p.live
    ), settled as (
        delete from payment_due d
         where d.payment_id = any (array(select id from done))
    ), endpoints as materialized (
        select e.id, e.merchant_id, e.live from endpoint e
         where e.merchant_id = any (array(select merchant_id from done))
           and e.enabled
    ), owed as (
        insert into outbox (due_at, payment_id, seq, endpoint_id)
        select v_now, d.id, d.events, e.id
          from done d
          join endpoints e
            on e.merchant_id = d.merchant_id and e.live = d.live
    )
    select array(select ord from done), array(select id from locked)
      into v_canceled, v_locked;

    return query
    select i, case when i = any (v_canceled) then 'canceled'
                   when x.id is null then 'not_found'
                   when x.id <> all (v_locked) then 'busy'
                   when x.state = 'r' then 'in_flight'
                   else 'already' end,
           state_name(x.state)
      from generate_subscripts(p_payment_id, 1) as i
      left join (select p.id, p.state from payment p
                  where p.id = any (p_payment_id)
                    and p.id between v_low and v_high offset 0) x
        on x.id = p_payment_id[i]
     order by i;
end
$$;

revoke all on function carrierpay.payment_cancel from public;
grant execute on function carrierpay.payment_cancel to carrierpay;

commit;
