-- Deploy carrierpay:spend_release to pg
-- requires: spend
-- requires: payment
-- requires: subscriber
-- requires: total_reserve
-- requires: line

-- Amounts that are taken back from what lines have spent: of charges that have
-- failed, and of reservations that were released; what is not captured of a
-- reservation; and what is paid back, where the operator agrees.
--
-- Planner settings: see payment_create.

begin;
set local role carrierpay_owner;
set local search_path = carrierpay, pg_temp;

-- The part of payment_finish for payments that fail.  Locks their lines, and
-- returns the payments whose line another session has locked: they cannot be
-- finished now, for to wait could be for ever (see spend_reserve).
create function carrierpay.spend_busy(p_payment_id bigint[],
    p_outcome text[])
returns bigint[]
language plpgsql
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
set enable_memoize = off
set enable_nestloop = on
as $$
declare
    v_id     bigint[];
    v_locked bigint[];
    v_low    bigint;
    v_high   bigint;
begin
    select min(id), max(id) into v_low, v_high from unnest(p_payment_id) as id;

    select array_agg(o.id), array_agg(o.id) filter (where s.locked)
      into v_id, v_locked
      from (select p.id, l.msisdn_index, l.live
              from generate_subscripts(p_payment_id, 1) as i
             cross join lateral (
                   select p.id, p.subscriber_id from payment p
                    where p.id = p_payment_id[i]
                      and p.id between v_low and v_high
                      and p.spend_day is not null offset 0) p
             cross join lateral (
                   select s.msisdn_index, s.live from subscriber s
                    where s.id = p.subscriber_id offset 0) l
             where p_outcome[i] in ('failed', 'voided', 'void_refused')
             order by l.msisdn_index, l.live, p.id) o
     cross join lateral (
           -- one that is there, and one that could be locked
           select true as there from spend s
            where s.msisdn_index = o.msisdn_index and s.live = o.live
              and s.merchant_id = 0 offset 0) t
      left join lateral (
           select true as locked from spend s
            where s.msisdn_index = o.msisdn_index and s.live = o.live
              and s.merchant_id = 0
              for no key update skip locked offset 0) s on true;

    return array(select id from unnest(v_id) as id
                  where id <> all (coalesce(v_locked, '{}')));
end
$$;

-- Takes these amounts of the payments back.  The lines are locked; to those of
-- other cells it is owed (see line).
create function carrierpay.spend_release(p_payment_id bigint[],
    p_amount bigint[])
returns void
language plpgsql
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
set enable_memoize = off
set enable_nestloop = on
as $$
declare
    v_low  bigint;
    v_high bigint;
    v      record;
begin
    select min(id), max(id) into v_low, v_high from unnest(p_payment_id) as id;

    with counted as materialized (
        select a.amount, p.*, l.msisdn_index, l.live as line_live
          from unnest(p_payment_id, p_amount) as a (id, amount)
         cross join lateral (
               select p.id, p.attempt, p.subscriber_id, p.merchant_id,
                      p.currency, p.spend_day, p.spend_apart
                 from payment p
                where p.id = a.id and p.id between v_low and v_high
                  and p.spend_day is not null offset 0) p
         cross join lateral (
               select l.msisdn_index, l.live from subscriber l
                where l.id = p.subscriber_id offset 0) l
    ), owed as (
        insert into line_due (payment_id, attempt, kind, msisdn_index,
                              merchant_id, live, amount, currency, day,
                              apart, due_at)
        select id, attempt, 'r', msisdn_index, merchant_id, line_live, amount,
               currency, spend_day, spend_apart, now_ms()
          from counted
         where (select c.cells > 1 from cell c where c.one)
           and line_elsewhere(msisdn_index)
    )
    select array_agg(msisdn_index) as index, array_agg(line_live) as live,
           array_agg(merchant_id) as merchant_id,
           array_agg(spend_apart) as apart,
           array_agg(attempt = id) as unasked,
           array_agg(currency) as currency, array_agg(spend_day) as day,
           array_agg(amount) as amount
      into v
      from counted;

    perform spend_back(v.index, v.live, v.merchant_id, v.apart, v.unasked,
                       v.currency, v.day, v.amount);

    if exists (select from total_limit) then
        perform total_release(p_payment_id, p_amount);
    end if;
end
$$;

-- Waits for the line of one payment, and takes an amount back.  The caller may
-- have locked the payment: a session that holds lines waits for no payment.
create function carrierpay.spend_return(p_payment_id bigint, p_amount bigint)
returns void
language plpgsql
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
as $$
begin
    perform spend_hold('{1}', array[s.msisdn_index], array[s.live], true)
       from (select p.subscriber_id from payment p
              where p.id = p_payment_id) p
      cross join lateral (
            select s.msisdn_index, s.live from subscriber s
             where s.id = p.subscriber_id offset 0) s
      where not line_elsewhere(s.msisdn_index);

    perform spend_release(array[p_payment_id], array[p_amount]);
end
$$;

revoke all on function spend_busy, spend_release, spend_return from public;

commit;
