-- Deploy carrierpay:outbox_take to pg
-- requires: outbox
-- requires: queue

-- Leases deliveries that are due, for outbox_claim.  An endpoint holds at most
-- half of p_max in leases, counting those of other claims, and the endpoint
-- that holds fewer goes first: so dead endpoints, however many and however
-- long their backlogs, get what the others leave.  A lease that ran out counts
-- as a try.
--
-- Claims take turns: what one has leased, and not yet committed, the next one
-- could not count.  So leases end in the order in which they became visible,
-- and those that are counted are found from the first of them on.
--
-- Which endpoints have work: those of the rows that have fallen due since the
-- last claim of this session, and those that a claim has left a backlog of,
-- which the session remembers with the place up to which it has taken it.
-- See queue.
--
-- Planner settings: see payment_create.  The rows are updated by their
-- places: these are locked, so they stay, and no plan but a scan of those
-- places is possible.

begin;
set local role carrierpay_owner;

-- What a session remembers of its last claim: when the first of the leases
-- ends, and the backlogs, each with its endpoint and the place in its queue.
create type carrierpay.outbox_memory as (
    leases      bigint,
    endpoint_id int[],
    place       bigint[]
);

create function carrierpay.outbox_take(p_max int, p_lease_ms int,
    p_token bigint)
returns setof carrierpay.outbox
language plpgsql
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
set enable_memoize = off
as $$
#variable_conflict use_column
declare
    c_memory constant text := 'carrierpay.outbox_memory';
    v_share  int := greatest(1, p_max / 2);
    v_now    bigint;
    v_from   bigint;
    v_memory outbox_memory;
    v_rows   tid[];
begin
    perform pg_advisory_xact_lock(1869968492);

    v_now := now_ms();
    v_from := queue_from('outbox', v_now);

    if v_from > 0 then
        v_memory := current_setting(c_memory)::outbox_memory;
    else
        with recursive queue as (
            -- from endpoint to endpoint by the index, whatever their backlogs
            (select o.endpoint_id from outbox o
              where o.token is null
              order by o.endpoint_id, o.due_at limit 1)
            union all
            select n.endpoint_id
              from queue q
             cross join lateral (
                   select o.endpoint_id from outbox o
                    where o.token is null and o.endpoint_id > q.endpoint_id
                    order by o.endpoint_id, o.due_at limit 1) n
        )
        select 0, array_agg(q.endpoint_id), array_agg(0)
          into v_memory
          from queue q;
    end if;

    -- the leases that have run out since the last claim
    update outbox o
       set token = null, due_at = v_now
     where o.ctid = any (array(
           select l.ctid from outbox l
            where coalesce(l.token, 0) <> 0
              and l.due_at >= v_from and l.due_at <= v_now
              for update skip locked));

    with known as materialized (
        select k.endpoint_id, min(k.place) as place
          from (select unnest(v_memory.endpoint_id), unnest(v_memory.place)
                union all
                select o.endpoint_id, o.due_at from outbox o
                 where coalesce(o.token, 0) = 0
                   and o.due_at >= v_from and o.due_at <= v_now
                   and v_from > 0) k (endpoint_id, place)
         group by k.endpoint_id
    ), leased as materialized (
        select o.endpoint_id, count(*) as leases, min(o.due_at) as first
          from outbox o
         where coalesce(o.token, 0) <> 0
           and o.due_at > v_now and o.due_at >= v_memory.leases
         group by o.endpoint_id
    ), ready as materialized (
        select k.endpoint_id, k.place,
               v_share - coalesce(l.leases, 0) as places
          from known k
         cross join lateral (
               select e.id from endpoint e
                where e.id = k.endpoint_id and e.enabled offset 0) e
          left join leased l on l.endpoint_id = k.endpoint_id
    ), taken as materialized (
        select r.endpoint_id, o.row, o.due_at
          from (select * from ready where places > 0
                 order by places desc, place) r
         cross join lateral (
               select o.ctid as row, o.due_at from outbox o
                where o.token is null and o.endpoint_id = r.endpoint_id
                  and o.due_at >= r.place and o.due_at <= v_now
                order by o.due_at
                limit r.places
                  for update skip locked) o
         limit p_max
    ), backlog as (
        select r.endpoint_id, coalesce(max(t.due_at), r.place) as place
          from ready r
          left join taken t on t.endpoint_id = r.endpoint_id
         group by r.endpoint_id, r.place, r.places
        having count(t.row) >= r.places
            or (select count(*) from taken) = p_max
    )
    select (select array_agg(t.row) from taken t),
           coalesce((select min(l.first) from leased l),
                    v_now + p_lease_ms),
           array_agg(b.endpoint_id), array_agg(b.place)
      into v_rows, v_memory.leases, v_memory.endpoint_id, v_memory.place
      from backlog b;

    perform queue_read('outbox', v_from, v_now, v_now),
            set_config(c_memory, v_memory::text, false);

    return query
    update outbox o
       set due_at = v_now + p_lease_ms, token = p_token,
           attempts = o.attempts + 1
     where o.ctid = any (v_rows)
    returning o.*;
end
$$;

revoke all on function carrierpay.outbox_take from public;

commit;
