-- Deploy carrierpay:refund_begin to pg
-- requires: refund_add
-- requires: chargeback_count
-- requires: idem
-- requires: basics

-- Commits the intent to pay back a payment, or a part of it; without an amount
-- all that is left.  The caller calls the operator when, and only when, the
-- result is 'processing'; 'pending' is for people to do, since the contract
-- says so.  Refunds in flight and chargebacks count (see payment_left): no
-- payment is ever paid back by more than was taken.
--
-- Other results write nothing: 'not_found'; 'not_refundable', the payment has
-- not succeeded; 'amount_too_large', refundable says what is left, or
-- 'nothing_left', when no amount was given;
-- 'too_many_refunds', it has had 100, as many as a list shows; 'replay',
-- the key has made this refund before, which is returned as it is now;
-- 'mismatch', the key belongs to another request.
--
-- The lock of the payment's row puts refunds of a payment in order; so the
-- same key finds what it has made even across the change of a period (see
-- idem).  A key that appears after it was looked for is another payment's.

begin;
set local role carrierpay_owner;

create function carrierpay.refund_begin(p_id bigint, p_merchant_id int,
    p_live bool, p_payment_id bigint, p_amount bigint, p_reason text,
    p_key uuid, p_request uuid)
returns table (result text, refundable bigint, id bigint, payment_id bigint,
    number int, merchant_id int, live bool, amount bigint, currency text,
    kind text, way text, state text, outcome_unknown bool, reason text,
    failure_code text, ended bigint, operator text, msisdn bytea,
    description text, attempt int)
language plpgsql security definer
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
as $$
#variable_conflict use_column
declare
    c_most   constant int := 100;
    v_period smallint := id_period(p_id);
    v        payment;
    v_idem   idem;
    v_way    "char";
    v_left   bigint;
    v_result text;
begin
    select * into v from payment p
     where p.id = p_payment_id and p.merchant_id = p_merchant_id
       and p.live = p_live
       for no key update;

    if not found then
        return query select 'not_found', null::bigint, (null::refund_view).*;
        return;
    end if;

    select * into v_idem from idem x
     where x.key = p_key
       and x.period between v_period - 1 and v_period + 1;
    if found then
        v_result := case when v_idem.request = p_request then 'replay'
                    else 'mismatch' end;
        return query
        select v_result, null::bigint, r.*
          from (select 1) x
          left join refund_view r
            on r.id = v_idem.payment_id and v_result = 'replay';
        return;
    end if;

    v_left := greatest(0, payment_left(v, true));
    v_result := case
        when v.state <> 's' then 'not_refundable'
        when p_amount > v_left then 'amount_too_large'
        when v_left <= 0 then 'nothing_left'
        when (select count(*) >= c_most from refund r
               where r.payment_id = v.id) then 'too_many_refunds' end;

    if v_result is not null then
        return query
        select v_result, case when v.state = 's' then v_left end,
               (null::refund_view).*;
        return;
    end if;

    select k.refund_way into v_way from contract k where k.id = v.contract_id;

    insert into idem (key, request, payment_id, period)
    values (p_key, p_request, p_id, v_period)
    on conflict (key, period) do nothing;

    if not found then
        return query select 'mismatch', null::bigint, (null::refund_view).*;
        return;
    end if;

    perform refund_add(v.id, p_id, coalesce(p_amount, v_left), 'r', v_way,
                       null, p_reason, p_id);

    return query
    select r.state, v_left - r.amount, r.* from refund_view r
     where r.id = p_id;
end
$$;

revoke all on function carrierpay.refund_begin from public;
grant execute on function carrierpay.refund_begin to carrierpay;

commit;
