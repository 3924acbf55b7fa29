-- Deploy carrierpay:outbox_claim to pg
-- requires: event
-- requires: basics

-- Leases deliveries that are due, those of the endpoint that has waited
-- longest first.  An endpoint holds at most a quarter of p_max in leases,
-- counting those of other claims that run, so a dead one cannot take the
-- places of the others.  A lease that ran out counts as a try.
--
-- Planner settings: see payment_create.  Rows to be updated are found by
-- index with their key's columns as arrays, as in payment_finish.

begin;
set local role carrierpay_owner;

create function carrierpay.outbox_claim(p_max int, p_lease_ms int,
    p_token bigint)
returns table (payment_id bigint, seq int, endpoint_id int, url text,
    secret bytea, live bool, type text, body text, at bigint, attempts int)
language plpgsql security definer
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
set enable_memoize = off
as $$
#variable_conflict use_column
declare
    v_now      bigint := now_ms();
    v_share    int := greatest(1, p_max / 4);
    v_payment  bigint[];
    v_seq      smallint[];
    v_endpoint int[];
    v_due      bigint[];
begin
    with recursive queue as (
        -- from endpoint to endpoint by the index, whatever their backlogs
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
        select q.endpoint_id, v_share - l.leased as places
          from queue q
         cross join lateral (
               select e.id from endpoint e
                where e.id = q.endpoint_id and e.enabled offset 0) e
         cross join lateral (
               select count(*) as leased from outbox o
                where o.endpoint_id = q.endpoint_id
                  and o.token is not null and o.due_at > v_now) l
         where q.due_at <= v_now and l.leased < v_share
         order by q.due_at
    ), due as (
        select o.payment_id, o.seq, o.endpoint_id, o.due_at
          from ready r
         cross join lateral (
               select * from outbox o
                where o.endpoint_id = r.endpoint_id and o.due_at <= v_now
                order by o.due_at
                limit r.places
                  for update skip locked) o
         limit p_max
    )
    select array_agg(payment_id), array_agg(seq), array_agg(endpoint_id),
           array_agg(due_at)
      into v_payment, v_seq, v_endpoint, v_due
      from due;

    if v_payment is null then
        return;
    end if;

    update outbox o
       set due_at = v_now + p_lease_ms, token = p_token,
           attempts = o.attempts + 1
     where o.endpoint_id = any (v_endpoint) and o.due_at = any (v_due)
       and (o.endpoint_id, o.due_at, o.payment_id, o.seq) in (
           select v_endpoint[i], v_due[i], v_payment[i], v_seq[i]
             from generate_subscripts(v_payment, 1) as i);

    return query
    select v_payment[i], v_seq[i]::int, v_endpoint[i], e.url, e.secret,
           e.live, v.type, v.body, v.at, o.attempts
      from generate_subscripts(v_payment, 1) as i
     cross join lateral (
           select o.attempts from outbox o
            where o.payment_id = v_payment[i] and o.seq = v_seq[i]
              and o.endpoint_id = v_endpoint[i] and o.token is not null
           offset 0) o
     cross join lateral (
           select e.url, e.secret, e.live from endpoint e
            where e.id = v_endpoint[i] offset 0) e
     cross join lateral (
           select v.type, v.body, v.at from event v
            where v.payment_id = v_payment[i] and v.seq = v_seq[i]
           offset 0) v
     order by i;
end
$$;

revoke all on function carrierpay.outbox_claim from public;
grant execute on function carrierpay.outbox_claim to carrierpay;

commit;
