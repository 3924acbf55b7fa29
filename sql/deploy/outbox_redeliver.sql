-- Deploy carrierpay:outbox_redeliver to pg
-- requires: outbox
-- requires: basics

-- Makes deliveries of a payment, of an endpoint, or of both due now: those
-- that were given up, which get all their tries again, and those that wait.
-- What is being delivered is left alone. Null means any. Returns how many.

begin;
set local role carrierpay_owner;

create function carrierpay.outbox_redeliver(p_payment_id bigint,
    p_endpoint_id int)
returns int
language plpgsql
set search_path = carrierpay, pg_temp
as $$
declare
    v_now     bigint := now_ms();
    v_revived int;
    v_hurried int;
begin
    update outbox
       set due_at = v_now
     where token is null
       and (p_payment_id is null or payment_id = p_payment_id)
       and (p_endpoint_id is null or endpoint_id = p_endpoint_id);
    get diagnostics v_hurried = row_count;

    with revived as (
        delete from outbox_dead
         where (p_payment_id is null or payment_id = p_payment_id)
           and (p_endpoint_id is null or endpoint_id = p_endpoint_id)
        returning payment_id, endpoint_id, seq
    )
    insert into outbox (due_at, payment_id, endpoint_id, seq)
    select v_now, payment_id, endpoint_id, seq from revived;
    get diagnostics v_revived = row_count;

    return v_hurried + v_revived;
end
$$;

revoke all on function carrierpay.outbox_redeliver from public;

commit;
