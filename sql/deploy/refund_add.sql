-- Deploy carrierpay:refund_add to pg
-- requires: chargeback
-- requires: basics

-- Writes a refund of a payment whose row the caller has locked, and gives it
-- to a worker: to the one that holds p_token, or to any at once; or to people,
-- when the way is 'm'.  p_attempt is the number of the declined attempt that a
-- reversal is of; or null.  It returns the number of the refund.

begin;
set local role carrierpay_owner;

create function carrierpay.refund_add(p_payment_id bigint, p_id bigint,
    p_amount bigint, p_kind "char", p_way "char", p_attempt smallint,
    p_reason text, p_token bigint)
returns smallint
language plpgsql
set search_path = carrierpay, pg_temp
as $$
declare
    v_now    bigint := now_ms();
    v_number smallint;
begin
    insert into refund (payment_id, id, amount, number, attempt, kind, way,
                        state, reason)
    values (p_payment_id, p_id, p_amount, operation_next(p_payment_id),
            p_attempt, p_kind, p_way,
            case p_way when 'm' then 'q' else 'r' end::"char", p_reason)
    returning number into v_number;

    if p_way <> 'm' then
        insert into refund_due (refund_id, due_at, token)
        values (p_id, case when p_token is null then v_now
                      else v_now + 60000 end, p_token);
    end if;

    return v_number;
end
$$;

revoke all on function carrierpay.refund_add from public;

commit;
