-- Deploy carrierpay:chargeback_count to pg
-- requires: chargeback
-- requires: refund_post
-- requires: event_add
-- requires: incident
-- requires: posting

-- Posts a chargeback, or the reversal of one, and tells the merchant.
--
-- The legs are those of a refund, and both are counted in one sum (see
-- refund_post): so all that is given back of a payment leaves nothing of it,
-- in whatever order.  A reversal takes its part off that sum, and then all is
-- as though the chargeback had not been.  When we bear it, our loss takes the
-- place of what the merchant is owed.  What the operator bears is none of the
-- sum: it stays sold.

begin;
set local role carrierpay_owner;
set local search_path = carrierpay, pg_temp;

-- The legs of a part of a payment, given back between two sums.
create function carrierpay.chargeback_legs(p carrierpay.payment,
    p_before bigint, p_after bigint)
returns bigint[]
language sql immutable
set search_path = carrierpay, pg_temp
return refund_legs(coalesce(p.captured, p.amount), p.share, p.tax, p.fee,
                   p_before, p_after);

-- The journal.  What we have lost by a chargeback its reversal gives back to
-- the minor unit; where the rounding of another sum differs, that is the
-- merchant's.
create function carrierpay.chargeback_post(p carrierpay.payment,
    k carrierpay.contract, b carrierpay.chargeback, p_sign int, p_now bigint)
returns void
language plpgsql
set search_path = carrierpay, pg_temp
as $$
declare
    v_before bigint := b.refunded + b.charged_back - p_sign * b.amount;
    v_legs   bigint[] := chargeback_legs(p, v_before,
                                         v_before + p_sign * b.amount);
    v_net    bigint := v_legs[5];
    v_loss   bigint := 0;
begin
    if b.bearer = 'p' then
        v_loss := case p_sign when 1 then v_net else (
            select -(chargeback_legs(p, o.refunded + o.charged_back - o.amount,
                                     o.refunded + o.charged_back))[5]
              from chargeback o
             where o.payment_id = b.payment_id and o.number = b.reverses) end;
    end if;

    v_legs := v_legs[1:4] || (v_net - v_loss) || v_loss;

    insert into journal (payment_id, operation, contract_id, category,
                         currency, at, accounts, amounts)
    values (p.id, b.number, k.id, p.category, p.currency, p_now,
            journal_accounts(k.accounts
                || posting_account(0, p.live, 'platform:loss'), v_legs),
            array_remove(v_legs, 0));
end
$$;

-- The caller has locked the payment.
create function carrierpay.chargeback_count(p_payment_id bigint,
    p_number smallint)
returns void
language plpgsql
set search_path = carrierpay, pg_temp
as $$
declare
    v_now  bigint := post_ms();
    p      payment;
    k      contract;
    b      chargeback;
    v_sign int;
begin
    select * into p from payment x where x.id = p_payment_id;
    select * into k from contract x where x.id = p.contract_id;
    select * into b from chargeback x
     where x.payment_id = p.id and x.number = p_number;

    v_sign := case when b.reverses is null then 1 else -1 end;
    b.refunded := coalesce(p.refunded, 0);
    b.charged_back := coalesce(p.charged_back, 0);

    if b.bearer <> 'o' then
        b.charged_back := b.charged_back + v_sign * b.amount;
        perform chargeback_post(p, k, b, v_sign, v_now);
        update payment x set charged_back = b.charged_back where x.id = p.id;
    end if;

    if b.fee > 0 then
        perform posting_add('g', p.merchant_id, p.live, p.currency,
            array[k.payable_account, k.revenue_account],
            array[v_sign * b.fee, -v_sign * b.fee], p_contract_id => k.id,
            p_reference => p.id || '-' || b.number);
    end if;

    update chargeback x
       set counted = v_now, refunded = b.refunded,
           charged_back = b.charged_back
     where x.payment_id = p.id and x.number = b.number;

    perform event_add(p, b.number,
                      case v_sign when 1 then 'k' else 'v' end::"char", v_now);
end
$$;

-- What may still be given back of a payment.  Refunds in flight, and those
-- whose outcome is unknown, count as paid back, and so does one that has
-- failed if the operator has said later that it was made.
create function carrierpay.payment_left(p carrierpay.payment, p_held bool)
returns bigint
language plpgsql stable
set search_path = carrierpay, pg_temp
as $$
begin
    return coalesce(p.captured, p.amount) - refund_sum(p.id)
        - chargeback_sum(p.id, p_held) - (
        select coalesce(sum(r.amount), 0) from refund r
         where r.payment_id = p.id and r.state = 'f' and exists (
               select from incident i
                where i.payment_id = r.payment_id
                  and i.kind = 'refunded_not_recorded'
                  and i.said = 'refund ' || r.number || ' succeeded'));
end
$$;

-- Counts what is held, as far as there is room now.  The caller has locked the
-- payment.
create function carrierpay.chargeback_resume(p_payment_id bigint)
returns void
language plpgsql
set search_path = carrierpay, pg_temp
as $$
declare
    p payment;
    b chargeback;
begin
    select * into p from payment x where x.id = p_payment_id;

    for b in
        select * from chargeback x
         where x.payment_id = p_payment_id and x.counted is null
           and x.reverses is null and not exists (
               select from chargeback r
                where r.payment_id = x.payment_id and r.reverses = x.number)
         order by x.number
    loop
        if b.amount <= payment_left(p, false) then
            perform chargeback_count(p_payment_id, b.number);
        end if;
    end loop;
end
$$;

revoke all on function chargeback_legs, chargeback_post, chargeback_count,
    payment_left, chargeback_resume from public;

commit;
