-- Deploy carrierpay:message_done to pg
-- requires: message
-- requires: last_sender
-- requires: basics

-- What became of leased messages.  An outcome is 'accepted', 'unknown'
-- (perhaps sent), 'refused' (by all that could send it), 'late' (not sent:
-- its deadline was over) or 'failed', which is tried again, at the deadline
-- at the latest: then it is late.  What is not sent now, and perhaps was by
-- a worker that died, is 'unknown'.  Results: 'done'; 'retry'; 'lost', the
-- lease is not the caller's any more, or a message twice in a batch: what is
-- over goes before what is tried again.  A delivery report that was faster
-- stays.
--
-- Planner settings: see payment_finish.

begin;
set local role carrierpay_owner;

create function carrierpay.message_done(p_id bigint[], p_token bigint[],
    p_outcome text[], p_provider text[], p_reference text[], p_parts int[],
    p_price bigint[], p_currency text[])
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
    c_schedule constant int[] := array[2, 5, 15, 60, 300, 900, 3600];
    v_now   bigint := now_ms();
    v_low   bigint;
    v_high  bigint;
    v_done  int[];
    v_sent  record;
    v_retry int[];
begin
    select min(id), max(id) into v_low, v_high from unnest(p_id) as id;

    with gone as (
        delete from message_due d
         using generate_subscripts(p_id, 1) as i
         where d.message_id = any (p_id) and d.message_id = p_id[i]
           and d.token = p_token[i] and p_outcome[i] <> 'failed'
        returning i, d.lost
    ), told as (
        update message m
           set state = case when m.state <> 'q' then m.state
                            else case
                                 when p_outcome[g.i] = 'accepted' then 's'
                                 when p_outcome[g.i] = 'unknown' or g.lost
                                     then 'n'
                                 when p_outcome[g.i] = 'late' then 'x'
                                 else 'f' end::"char" end,
               body = null, provider = p_provider[g.i],
               reference = p_reference[g.i], parts = p_parts[g.i],
               price = p_price[g.i], currency = p_currency[g.i]
          from gone g
         where m.id = any (p_id) and m.id between v_low and v_high
           and m.id = p_id[g.i]
        returning g.i, m.id, m.payment_id, m.merchant_id, m.recipient_index
    )
    select array(select i from gone) as done, array_agg(id) as id,
           array_agg(payment_id) as payment_id,
           array_agg(merchant_id) as merchant_id,
           array_agg(recipient_index) as recipient_index
      into v_sent
      from told
     where p_outcome[i] = 'accepted';

    v_done := v_sent.done;

    perform last_sender_note(v_sent.id, v_sent.payment_id, v_sent.merchant_id,
                             v_sent.recipient_index);

    with again as (
        update message_due d
           set token = null,
               due_at = least(
                   v_now + jitter_ms(c_schedule[
                               least(d.attempts, cardinality(c_schedule))]),
                   (select m.deadline from message m
                     where m.id = d.message_id))
          from generate_subscripts(p_id, 1) as i
         where d.message_id = any (p_id) and d.message_id = p_id[i]
           and d.token = p_token[i] and p_outcome[i] = 'failed'
        returning i
    )
    select array(select i from again) into v_retry;

    return query
    select i, case when i = any (v_done) then 'done'
                   when i = any (v_retry) then 'retry'
                   else 'lost' end
      from generate_subscripts(p_id, 1) as i;
end
$$;

revoke all on function carrierpay.message_done from public;
grant execute on function carrierpay.message_done to carrierpay;

commit;
