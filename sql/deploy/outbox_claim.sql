-- Deploy carrierpay:outbox_claim to pg
-- requires: event
-- requires: basics

-- Leases deliveries that are due, oldest endpoint first.  An endpoint holds
-- at most a quarter of p_max in leases, counting those of other claims that
-- run, so a dead one cannot take the places of the others.  A lease that ran
-- out counts as a try.

begin;
set local role carrierpay_owner;

create function carrierpay.outbox_claim(p_max int, p_lease_ms int,
    p_token bigint)
returns table (payment_id bigint, seq int, endpoint_id int, url text,
    secret bytea, live bool, type text, body text, at bigint, attempts int)
language plpgsql security definer
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
#variable_conflict use_column
declare
    v_now   bigint := now_ms();
    v_share int := greatest(1, p_max / 4);
begin
    return query
    with recursive queue as (
        -- from endpoint to endpoint by the key, whatever their backlogs
        (select o.endpoint_id, o.due_at from outbox o
          order by o.endpoint_id, o.due_at limit 1)
        union all
        select n.endpoint_id, n.due_at
          from queue q
         cross join lateral (
               select o.endpoint_id, o.due_at from outbox o
                where o.endpoint_id > q.endpoint_id
                order by o.endpoint_id, o.due_at limit 1) n
    ), ready as materialized (
        select e.id, e.url, e.secret, e.live, v_share - l.leased as places
          from queue q
          join endpoint e on e.id = q.endpoint_id and e.enabled
         cross join lateral (
               select count(*)::int as leased from outbox o
                where o.endpoint_id = e.id and o.token is not null
                  and o.due_at > v_now) l
         where q.due_at <= v_now and l.leased < v_share
         order by q.due_at
    ), due as materialized (
        select o.endpoint_id, o.due_at, o.payment_id, o.seq,
               r.url, r.secret, r.live
          from ready r
         cross join lateral (
               select * from outbox o
                where o.endpoint_id = r.id and o.due_at <= v_now
                order by o.due_at
                limit r.places
                  for update skip locked) o
         limit p_max
    ), leased as (
        update outbox o
           set due_at = v_now + p_lease_ms, token = p_token,
               attempts = o.attempts + 1
          from due d
         where o.endpoint_id = d.endpoint_id and o.due_at = d.due_at
           and o.payment_id = d.payment_id and o.seq = d.seq
        returning o.payment_id, o.seq, o.endpoint_id, d.url, d.secret,
                  d.live, o.attempts
    )
    select l.payment_id, l.seq::int, l.endpoint_id, l.url, l.secret, l.live,
           e.type, e.body, e.at, l.attempts
      from leased l
      join event e on e.payment_id = l.payment_id and e.seq = l.seq;
end
$$;

revoke all on function carrierpay.outbox_claim from public;
grant execute on function carrierpay.outbox_claim to carrierpay;

commit;
