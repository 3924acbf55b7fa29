-- Deploy carrierpay:refund_post to pg
-- requires: refund
-- requires: refund_part
-- requires: journal
-- requires: contract_add

-- The journal of a refund.
--
-- Each part of the payment is paid back pro rata of what was posted: a leg is
-- what is due of it for all that is paid back by now, rounded, less what was
-- due before; what the operator has charged back counts as paid back.  So the
-- last refund of a payment takes the remainders, whatever the amounts and the
-- order, and all legs of all refunds are those of the charge.  A reversal
-- gives back what stands in suspense, whole.

begin;
set local role carrierpay_owner;

-- The legs of a refund, in the order of the charge's: money that the operator
-- is owed, its share, tax, fee, and what the merchant is owed.
create function carrierpay.refund_legs(p_amount bigint, p_share bigint,
    p_tax bigint, p_fee bigint, p_before bigint, p_after bigint)
returns bigint[]
language plpgsql immutable
set search_path = carrierpay, pg_temp
as $$
declare
    v_gross bigint := p_after - p_before;
    v_share bigint := refund_part(p_share, p_after, p_amount)
                      - refund_part(p_share, p_before, p_amount);
    v_tax   bigint := refund_part(p_tax, p_after, p_amount)
                      - refund_part(p_tax, p_before, p_amount);
    v_fee   bigint := refund_part(p_fee, p_after, p_amount)
                      - refund_part(p_fee, p_before, p_amount);
begin
    return array[-v_gross, v_share, v_tax, v_fee,
                 v_gross - v_share - v_tax - v_fee];
end
$$;

-- An account of the payment's operator beside those of its contract.
create function carrierpay.operator_account(p carrierpay.payment,
    p_name text)
returns int
language plpgsql
set search_path = carrierpay, pg_temp
as $$
begin
    return account_id(case when p.live then '' else 'test:' end || 'operator:'
                      || p.operator || ':' || p_name);
end
$$;

-- Posts a refund that has succeeded; the payment is as it was before.  What a
-- wallet pays does not come from what the operator owes.
create function carrierpay.refund_post(p carrierpay.payment,
    r carrierpay.refund, p_now bigint)
returns void
language plpgsql
set search_path = carrierpay, pg_temp
as $$
declare
    v_whole    bigint := coalesce(p.captured, p.amount);
    v_before   bigint := coalesce(p.refunded, 0)
                         + coalesce(p.charged_back, 0);
    v_accounts int[];
    v_amounts  bigint[];
begin
    select k.accounts into v_accounts from contract k
     where k.id = p.contract_id;

    if r.kind = 'b' then
        v_accounts := array[v_accounts[1], operator_account(p, 'suspense')];
        v_amounts := array[-r.amount, r.amount];
    else
        v_amounts := refund_legs(v_whole, p.share, p.tax, p.fee, v_before,
                                 v_before + r.amount);
    end if;

    if r.way = 'w' then
        v_accounts[1] := operator_account(p, 'wallet');
    end if;

    insert into journal (payment_id, operation, contract_id, category,
                         currency, at, accounts, amounts)
    values (p.id, r.number, p.contract_id, p.category, p.currency, p_now,
            journal_accounts(v_accounts, v_amounts),
            array_remove(v_amounts, 0));
end
$$;

revoke all on function carrierpay.refund_legs, carrierpay.refund_post,
    carrierpay.operator_account from public;

commit;
