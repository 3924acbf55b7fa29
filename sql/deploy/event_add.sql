-- Deploy carrierpay:event_add to pg
-- requires: event
-- requires: outbox

begin;
set local role carrierpay_owner;

-- Writes an event of a payment whose row the caller has locked, after all that
-- it has, and owes it to the merchant's endpoints.  payment.events counts the
-- events up to the end of a payment; those of its refunds come after it, but
-- for the reversal of a declined attempt, which another one may follow.
create function carrierpay.event_add(p carrierpay.payment, p_refund smallint,
    p_kind "char", p_now bigint)
returns void
language plpgsql
set search_path = carrierpay, pg_temp
as $$
declare
    v_seq smallint;
begin
    select 1 + greatest(p.events, max(e.seq)) into v_seq
      from event e where e.payment_id = p.id;

    insert into event (payment_id, at, seq, kind, refund)
    values (p.id, p_now, v_seq, p_kind, p_refund);

    update payment x set events = v_seq where x.id = p.id and x.ended is null;

    insert into outbox (due_at, payment_id, seq, endpoint_id)
    select p_now, p.id, v_seq, e.id
      from endpoint e
     where e.merchant_id = p.merchant_id and e.live = p.live and e.enabled;
end
$$;

revoke all on function carrierpay.event_add from public;

commit;
