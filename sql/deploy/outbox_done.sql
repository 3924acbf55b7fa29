-- Deploy carrierpay:outbox_done to pg
-- requires: outbox
-- requires: basics

-- What became of leased deliveries.  Results: 'delivered'; 'retry', by
-- schedule or later where the endpoint asked for it; 'dead', given up after
-- the tenth try, 75 hours after the first; 'lost', the lease is not the
-- caller's any more, or the row is settled.
--
-- Planner settings: see payment_finish.

begin;
set local role carrierpay_owner;

create function carrierpay.outbox_done(p_payment_id bigint[], p_seq int[],
    p_endpoint_id int[], p_token bigint[], p_delivered bool[],
    p_retry_after_s int[])
returns table (ord int, result text)
language plpgsql security definer
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
set enable_nestloop = off
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
    with gone as (
        delete from outbox b
         using generate_subscripts(p_payment_id, 1) as i
         where b.payment_id = any (p_payment_id) and b.token is not null
           and b.payment_id = p_payment_id[i] and b.seq = p_seq[i]
           and b.endpoint_id = p_endpoint_id[i] and b.token = p_token[i]
           and (p_delivered[i] or b.attempts > cardinality(c_schedule))
        returning i, b.payment_id, b.seq, b.endpoint_id, b.attempts
    ), buried as (
        insert into outbox_dead (payment_id, seq, endpoint_id, attempts,
                                 died_at)
        select payment_id, seq, endpoint_id, attempts, v_now
          from gone
         where not p_delivered[i]
        on conflict (payment_id, seq, endpoint_id) do nothing
    )
    select array(select i from gone where p_delivered[i]),
           array(select i from gone where not p_delivered[i])
      into v_delivered, v_dead;

    -- an endpoint may ask for more time, not for less
    if cardinality(v_delivered) < cardinality(p_payment_id) then
        with again as (
            update outbox b
               set token = null,
                   due_at = v_now + greatest(jitter_ms(c_schedule[b.attempts]),
                               1000 * least(p_retry_after_s[i], 86400))
              from generate_subscripts(p_payment_id, 1) as i
             where b.payment_id = any (p_payment_id) and b.token is not null
               and b.payment_id = p_payment_id[i] and b.seq = p_seq[i]
               and b.endpoint_id = p_endpoint_id[i] and b.token = p_token[i]
               and not p_delivered[i]
            returning i
        )
        select array(select i from again) into v_retry;
    end if;

    return query
    select i, case when i = any (v_delivered) then 'delivered'
                   when i = any (v_retry) then 'retry'
                   when i = any (v_dead) then 'dead'
                   else 'lost' end
      from generate_subscripts(p_payment_id, 1) as i;
end
$$;

revoke all on function carrierpay.outbox_done from public;
grant execute on function carrierpay.outbox_done to carrierpay;

commit;
