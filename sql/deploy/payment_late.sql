-- Deploy carrierpay:payment_late to pg
-- requires: refund_add
-- requires: refund_post
-- requires: attempt
-- requires: event_add

-- An operator has charged a payment that has ended without a charge: it was
-- canceled, has expired, or had failed; or an attempt that was declined, while
-- the payment waits for another one, or has succeeded by another one.  The
-- payment stays as it is.  What was taken is posted as the operator's debt to
-- a payer, in suspense, and is paid back by itself: a reversal, whose id has
-- the digits of the payment's, or of the attempt's, as there is one at most.
-- The charge of a payment is its first operation; that of a declined attempt
-- has the number of the attempt, below zero.  Without a contract it is only an
-- incident.
--
-- Called in the transaction of payment_finish, which has locked the payment.

begin;
set local role carrierpay_owner;

create function carrierpay.payment_late(p_payment_id bigint,
    p_attempt bigint, p_now bigint)
returns void
language plpgsql
set search_path = carrierpay, pg_temp
as $$
declare
    p        payment;
    k        contract;
    v_number smallint;
    v_taken  bigint;
    v_id     bigint := p_payment_id;
begin
    select * into p from payment x where x.id = p_payment_id;
    v_taken := coalesce(p.captured, p.amount);

    v_number := attempt_number(p_payment_id, p_attempt);

    if v_number is not null then
        v_id := p_attempt;
        v_taken := p.amount;
        p := attempt_payment(p, v_number);

    elsif p.state not in ('f', 'c', 'x') then
        return;
    end if;

    select * into k from contract x where x.id = p.contract_id;

    if k.id is null then
        return;
    end if;

    insert into journal (payment_id, operation, contract_id, category,
                         currency, at, accounts, amounts)
    values (p.id, coalesce(-v_number, 1), k.id, p.category, p.currency, p_now,
            array[k.receivable_account, operator_account(p, 'suspense')],
            array[v_taken, -v_taken])
    on conflict (payment_id, operation) do nothing;

    if found then
        perform event_add(p, refund_add(p.id, v_id, v_taken, 'b',
                                        k.refund_way, v_number, null, null),
                          'l', p_now);
    end if;
end
$$;

revoke all on function carrierpay.payment_late from public;

commit;
