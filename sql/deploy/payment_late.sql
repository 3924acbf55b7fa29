-- Deploy carrierpay:payment_late to pg
-- requires: refund_add
-- requires: refund_post
-- requires: event_add

-- An operator has charged a payment that has ended without a charge: it was
-- canceled, has expired, or had failed.  The payment stays as it is.  What was
-- taken is posted as the operator's debt to a payer, in suspense, and is paid
-- back by itself: a reversal, whose id has the digits of the payment's, since
-- there is one at most.  Without a contract it is only an incident.
--
-- Called in the transaction of payment_finish, which has locked the payment.

begin;
set local role carrierpay_owner;

create function carrierpay.payment_late(p_payment_id bigint, p_now bigint)
returns void
language plpgsql
set search_path = carrierpay, pg_temp
as $$
declare
    p       payment;
    k       contract;
    v_taken bigint;
begin
    select * into p from payment x where x.id = p_payment_id;
    select * into k from contract x where x.id = p.contract_id;

    if k.id is null or p.state not in ('f', 'c', 'x') then
        return;
    end if;

    v_taken := coalesce(p.captured, p.amount);

    insert into journal (payment_id, operation, contract_id, currency, at,
                         accounts, amounts)
    values (p.id, 1, k.id, p.currency, p_now,
            array[k.receivable_account, operator_account(p, 'suspense')],
            array[v_taken, -v_taken])
    on conflict (payment_id, operation) do nothing;

    if found then
        perform refund_add(p.id, p.id, v_taken, 'b', k.refund_way, null,
                           null),
                event_add(p, 2::smallint, 'l', p_now);
    end if;
end
$$;

revoke all on function carrierpay.payment_late from public;

commit;
