-- Deploy carrierpay:contract_add to pg
-- requires: contract
-- requires: vat_rate

begin;
set local role carrierpay_owner;

create function carrierpay.account_id(p_code text) returns int
language plpgsql
set search_path = carrierpay, pg_temp
as $$
declare
    v_id int;
begin
    insert into account (code) values (p_code) on conflict (code) do nothing;
    select a.id into v_id from account a where a.code = p_code;
    return v_id;
end
$$;

-- Periods are half open, in ms since the Unix epoch; one without an end is in
-- force until further notice.  There is a VAT rate for what the merchant sells
-- in the operator's country when it begins, or now, and the terms leave the
-- merchant something.  The function is for the roles that may write the
-- tables, such as the administrator's, and not for the service.
create function carrierpay.contract_add(p_merchant_id int, p_operator text,
    p_valid_from bigint, p_valid_to bigint, p_operator_share_bp int,
    p_fee_bp int, p_fee_fixed bigint, p_tiers carrierpay.tier[] default '{}',
    p_refund_way "char" default 'o', p_chargeback_bearer "char" default 'm',
    p_non_payment_bearer "char" default 'm', p_chargeback_fee bigint default 0)
returns int
language plpgsql
set search_path = carrierpay, pg_temp
as $$
declare
    v_operator operator;
    v_category "char";
    v_vat_bp   int;
    v_prefix   text;
    v_id       int;
begin
    select * into v_operator from operator o where o.code = p_operator;

    if not found then
        raise exception 'operator "%" does not exist', p_operator
            using errcode = 'foreign_key_violation';
    end if;

    select m.category into v_category from merchant m
     where m.id = p_merchant_id;

    select v.bp into v_vat_bp
      from vat_rate_at(v_operator.country, v_category,
                       greatest(p_valid_from, now_ms())) v;

    if v_category is not null and v_vat_bp is null then
        raise exception 'no VAT rate for % is known in %',
            category_name(v_category), v_operator.country
            using errcode = 'check_violation', constraint = 'contract_taxed';
    end if;

    v_prefix := case when v_operator.live then '' else 'test:' end;

    insert into contract (merchant_id, operator, live, currency, valid_from,
        valid_to, operator_share_bp, fee_bp, fee_fixed, tiers, refund_way,
        chargeback_bearer, non_payment_bearer, chargeback_fee,
        receivable_account, share_account, tax_account, revenue_account,
        payable_account)
    values (p_merchant_id, p_operator, v_operator.live, v_operator.currency,
        p_valid_from, p_valid_to, p_operator_share_bp, p_fee_bp, p_fee_fixed,
        p_tiers, p_refund_way, p_chargeback_bearer, p_non_payment_bearer,
        p_chargeback_fee,
        account_id(v_prefix || 'operator:' || p_operator || ':receivable'),
        account_id(v_prefix || 'operator:' || p_operator || ':share'),
        account_id(v_prefix || 'tax:' || v_operator.country),
        account_id(v_prefix || 'platform:revenue'),
        account_id(v_prefix || 'merchant:' || p_merchant_id || ':payable'))
    returning id into v_id;

    if exists (select from unnest(p_tiers || (0, p_operator_share_bp, p_fee_bp,
                                              p_fee_fixed)::tier) t
                where split_payable(split_limit(), v_vat_bp, t.share_bp,
                                    t.fee_bp, t.fee_fixed) <= 0)
    then
        raise exception 'the terms leave the merchant nothing'
            using errcode = 'check_violation', constraint = 'contract_yields';
    end if;

    return v_id;
end
$$;

commit;
