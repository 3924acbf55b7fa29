-- Deploy carrierpay:outbox_done to pg
-- requires: event
-- requires: basics

-- What became of leased deliveries.  Results: 'delivered'; 'retry', by
-- schedule or when the endpoint asked for; 'dead', given up after the last
-- try, 75 hours later; 'lost', the lease is not the caller's any more, or
-- the row is settled.

begin;
set local role carrierpay_owner;

create function carrierpay.outbox_done(p_payment_id bigint[], p_seq int[],
    p_endpoint_id int[], p_token bigint[], p_delivered bool[],
    p_retry_after_s int[])
returns table (ord int, result text)
language plpgsql security definer
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
#variable_conflict use_column
declare
    c_schedule constant int[] := array[5, 300, 1800, 7200, 18000, 36000,
                                       50400, 72000, 86400];
    v_now       bigint := now_ms();
    v_delivered int[];
    v_dead      int[];
    v_retry     int[];
begin
    with op as materialized (
        select o.*, b.due_at, b.attempts,
               o.delivered or b.attempts > cardinality(c_schedule) as last
          from (select generate_subscripts(p_payment_id, 1) as ord,
                       unnest(p_payment_id) as payment_id,
                       unnest(p_seq) as seq,
                       unnest(p_endpoint_id) as endpoint_id,
                       unnest(p_token) as token,
                       unnest(p_delivered) as delivered,
                       unnest(p_retry_after_s) as retry_after) o
          join outbox b
            on b.endpoint_id = o.endpoint_id and b.payment_id = o.payment_id
           and b.seq = o.seq and b.token is not null and b.token = o.token
    ), gone as (
        delete from outbox b using op o
         where b.endpoint_id = o.endpoint_id and b.due_at = o.due_at
           and b.payment_id = o.payment_id and b.seq = o.seq
           and b.token = o.token and o.last
        returning o.ord, o.delivered, b.payment_id, b.seq, b.endpoint_id,
                  b.attempts
    ), buried as (
        insert into outbox_dead (payment_id, seq, endpoint_id, attempts,
                                 died_at)
        select payment_id, seq, endpoint_id, attempts, v_now
          from gone
         where not delivered
        on conflict do nothing
    ), again as (
        -- an endpoint may ask for more time, not for less
        update outbox b
           set token = null,
               due_at = v_now + greatest(jitter_ms(c_schedule[o.attempts]),
                                   1000 * least(o.retry_after, 86400))
          from op o
         where b.endpoint_id = o.endpoint_id and b.due_at = o.due_at
           and b.payment_id = o.payment_id and b.seq = o.seq
           and b.token = o.token and not o.last
        returning o.ord
    )
    select array(select ord from gone where delivered),
           array(select ord from gone where not delivered),
           array(select ord from again)
      into v_delivered, v_dead, v_retry;

    return query
    select o, case when o = any (v_delivered) then 'delivered'
                   when o = any (v_retry) then 'retry'
                   when o = any (v_dead) then 'dead'
                   else 'lost' end
      from generate_subscripts(p_payment_id, 1) as o;
end
$$;

revoke all on function carrierpay.outbox_done from public;
grant execute on function carrierpay.outbox_done to carrierpay;

commit;
