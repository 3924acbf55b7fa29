-- Deploy carrierpay:backlog to pg
-- requires: outbox
-- requires: message
-- requires: refund
-- requires: line
-- requires: payout
-- requires: basics

-- How much work waits in the queues that workers claim from: how many rows
-- there are, how many of them are due, and for how long the first has been.
-- A queue is read up to a bound, so that a long one does not cost more.
-- Deliveries to a disabled endpoint wait for it, not for us.

begin;
set local role carrierpay_owner;

create function carrierpay.backlog()
returns table (queue text, waiting int, due int, late_ms bigint)
language sql volatile security definer
set search_path = carrierpay, pg_temp
as $$
    select r.queue, count(r.due_at)::int,
           count(r.due_at) filter (where r.due_at <= n.now)::int,
           coalesce(max(n.now - r.due_at) filter (where r.due_at <= n.now), 0)
      from (select now_ms() as now) n
     cross join (
           select 'recovery' as queue, p.due_at
             from (select d.due_at from payment_due d limit 100000) p
           union all
           select 'recovery', r.due_at
             from (select d.due_at from refund_due d limit 100000) r
           union all
           select 'payouts', p.due_at
             from (select d.due_at from payout_due d limit 100000) p
           union all
           select 'webhooks', w.due_at
             from (select o.due_at from outbox o
                     join endpoint e on e.id = o.endpoint_id and e.enabled
                    limit 100000) w
           union all
           select 'messages', m.due_at
             from (select d.due_at from message_due d limit 100000) m
           union all
           select 'lines', l.due_at
             from (select d.due_at from line_due d limit 100000) l
           union all
           select 'lines', h.due_at
             from (select h.due_at from line_hold h limit 100000) h
           union all
           values ('recovery', null::bigint), ('payouts', null),
                  ('webhooks', null), ('messages', null), ('lines', null)
           ) r
     group by r.queue
$$;

revoke all on function carrierpay.backlog from public;
grant execute on function carrierpay.backlog to carrierpay;

commit;
