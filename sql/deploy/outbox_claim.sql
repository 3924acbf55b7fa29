-- Deploy carrierpay:outbox_claim to pg
-- requires: event_view
-- requires: basics

-- Leases deliveries that are due.  An endpoint holds at most half of p_max in
-- leases, counting those of other claims, and the endpoint that holds fewer
-- goes first: so dead endpoints, however many and however long their backlogs,
-- get what the others leave.  A lease that ran out counts as a try.
--
-- Claims take turns: what one has leased, and not yet committed, the next one
-- could not count.
--
-- Planner settings: see payment_create.  The rows are updated by their
-- places: these are locked, so they stay, and no plan but a scan of those
-- places is possible.

begin;
set local role carrierpay_owner;

create function carrierpay.outbox_claim(p_max int, p_lease_ms int,
    p_token bigint)
returns table (payment_id bigint, seq int, endpoint_id int, url text,
    secret bytea, type text, at bigint, attempts int, traceparent text,
    id bigint, merchant_id int, merchant_name text, live bool, amount bigint,
    currency text, description text, reference text, return_url text,
    metadata text, state text, outcome_unknown bool, failure_code text,
    operator text, operator_name text, pseudonym_id bigint, msisdn bytea,
    payment_attempt bigint, created bigint, expires bigint, locale text,
    email bytea, approval bool, pin bool)
language plpgsql security definer
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
set enable_memoize = off
as $$
#variable_conflict use_column
declare
    v_now   bigint := now_ms();
    v_share int := greatest(1, p_max / 2);
    v_rows  tid[];
begin
    perform pg_advisory_xact_lock(1869968492);

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
         order by l.leased, q.due_at
    )
    select array_agg(d.place)
      into v_rows
      from (select o.place
              from ready r
             cross join lateral (
                   select o.ctid as place from outbox o
                    where o.endpoint_id = r.endpoint_id and o.due_at <= v_now
                    order by o.due_at
                    limit r.places
                      for update skip locked) o
             limit p_max) d;

    if v_rows is null then
        return;
    end if;

    return query
    with leased as (
        update outbox o
           set due_at = v_now + p_lease_ms, token = p_token,
               attempts = o.attempts + 1
         where o.ctid = any (v_rows)
        returning o.payment_id, o.seq, o.endpoint_id, o.attempts
    )
    select l.payment_id, l.seq::int, l.endpoint_id, e.url, e.secret, v.type,
           v.at, l.attempts, v.traceparent, v.id, v.merchant_id,
           v.merchant_name, v.live, v.amount, v.currency, v.description,
           v.reference, v.return_url, v.metadata, v.state, v.outcome_unknown,
           v.failure_code, v.operator, v.operator_name, v.pseudonym_id,
           v.msisdn, v.attempt, v.created, v.expires, v.locale, v.email,
           v.approval, v.pin
      from leased l
     cross join lateral (
           select e.url, e.secret from endpoint e
            where e.id = l.endpoint_id offset 0) e
     cross join lateral (
           select * from event_view v
            where v.payment_id = l.payment_id and v.seq = l.seq offset 0) v;
end
$$;

revoke all on function carrierpay.outbox_claim from public;
grant execute on function carrierpay.outbox_claim to carrierpay;

commit;
