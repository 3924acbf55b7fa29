-- Deploy carrierpay:worker_release to pg
-- requires: worker
-- requires: payment
-- requires: payment_sweep
-- requires: refund
-- requires: payout
-- requires: outbox
-- requires: message
-- requires: line
-- requires: basics

-- A worker has ended for certain: what it held a lease of is due now, and
-- need not wait for the end of the lease.  Returns how many rows that were;
-- -1 when the number is not that process's any more.
--
-- The server may still be running a statement of that worker, for as long as
-- the statement_timeout of its role, and then there is a lease more.  So the
-- row of the worker stays for longer than that, and the caller comes back
-- until it is gone.  Then another process may have the number.
--
-- Planner settings: see payment_create.

begin;
set local role carrierpay_owner;

create function carrierpay.worker_release(p_number int, p_process text)
returns int
language plpgsql security definer
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
as $$
declare
    c_stay  constant bigint := 10000;
    c_lease constant bigint := 120000;  -- no lease is longer
    v_now   bigint := now_ms();
    v_ended bigint;
    v_mark  bigint;
    v_n     int;
    v_all   int;
begin
    update worker_lease w set ended_at = coalesce(w.ended_at, v_now)
     where w.number = p_number and w.process = p_process
    returning w.ended_at into v_ended;

    if not found then
        return -1;
    end if;

    update payment_due d set due_at = v_now
     where d.payment_id = any (array(
           select l.payment_id from payment_due l
            where l.due_at > v_now and l.due_at <= v_now + c_lease
              and id_worker(l.token) = p_number
              for update skip locked));
    get diagnostics v_all = row_count;

    select s.mark into v_mark from sweep s where s.one;

    insert into payment_due (payment_id, due_at)
    select p.id, v_now
      from payment p
     where p.id > v_mark and id_worker(p.id) = p_number
       and p.attempt = p.id and p.state = 'r'
    on conflict (payment_id) do nothing;
    get diagnostics v_n = row_count;
    v_all := v_all + v_n;

    update refund_due d set due_at = v_now
     where d.refund_id = any (array(
           select l.refund_id from refund_due l
            where l.due_at > v_now and l.due_at <= v_now + c_lease
              and id_worker(l.token) = p_number
              for update skip locked));
    get diagnostics v_n = row_count;
    v_all := v_all + v_n;

    update payout_due d set due_at = v_now
     where d.payout_id = any (array(
           select l.payout_id from payout_due l
            where l.due_at > v_now and l.due_at <= v_now + c_lease
              and id_worker(l.token) = p_number
              for update skip locked));
    get diagnostics v_n = row_count;
    v_all := v_all + v_n;

    update outbox o set due_at = v_now
     where o.ctid = any (array(
           select l.ctid from outbox l
            where coalesce(l.token, 0) <> 0 and l.due_at > v_now
              and id_worker(l.token) = p_number
              for update skip locked));
    get diagnostics v_n = row_count;
    v_all := v_all + v_n;

    update message_due d set due_at = v_now
     where d.message_id = any (array(
           select l.message_id from message_due l
            where l.due_at > v_now and l.due_at <= v_now + c_lease
              and id_worker(l.token) = p_number
              for update skip locked));
    get diagnostics v_n = row_count;
    v_all := v_all + v_n;

    update line_due d set due_at = v_now
     where d.id = any (array(
           select l.id from line_due l
            where l.due_at > v_now and l.due_at <= v_now + c_lease
              and id_worker(l.token) = p_number
              for update skip locked));
    get diagnostics v_n = row_count;

    if v_ended < v_now - c_stay then
        delete from worker_lease w
         where w.number = p_number and w.process = p_process;
    end if;

    return v_all + v_n;
end
$$;

revoke all on function carrierpay.worker_release from public;
grant execute on function carrierpay.worker_release to carrierpay;

commit;
