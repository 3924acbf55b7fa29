-- Deploy carrierpay:eligibility to pg
-- requires: block
-- requires: subscriber
-- requires: contract
-- requires: tariff
-- requires: spend_judge
-- requires: allowance

-- The ledger's part of the question whether a line may pay.  The worker asks
-- it before a payment exists, and payment_create and payment_begin ask it
-- again, for the answer may have changed.

begin;
set local role carrierpay_owner;
set local search_path = carrierpay, pg_temp;

-- The number behind a pseudonym of the merchant, and the operator that it was
-- proved to belong to last.  There is no row when the merchant does not know
-- such a pseudonym, or the number has been erased.  later_charge says what
-- the consent allows now, beside all that a line may be refused for: a charge
-- of this amount without a page is 'allowed', or would be refused as
-- 'consent_required' or 'consent_exceeded'.
create function carrierpay.subscriber_get(p_merchant_id int, p_live bool,
    p_pseudonym_id bigint, p_amount bigint, p_currency text)
returns table (operator text, msisdn bytea, mvno text, later_charge text)
language plpgsql stable security definer
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
as $$
begin
    return query
    select s.operator, s.msisdn, s.mvno,
           (select coalesce(spend_reason(j.reason), 'allowed')
              from unnest(spend_caps(array[s.operator], now_ms())) as c
             cross join lateral spend_judge(s.msisdn_index, p_live,
                   p_merchant_id, p_currency, p_amount, p_pseudonym_id, c) j
             where j.unasked)
      from pseudonym n
      join lateral (
           select s.operator, s.msisdn, s.mvno, s.msisdn_index
             from subscriber s
            where s.id = n.subscriber_id offset 0) s on true
     where n.id = p_pseudonym_id and n.merchant_id = p_merchant_id
       and n.live = p_live and n.known_since is not null
       and s.msisdn is not null;
end
$$;

-- Why a payment of this number at this operator would not be taken; null:
-- it would.  p_caps has the operator's limits, and they are asked last: what
-- the line has spent is read once, and without its lock.
create function carrierpay.eligibility(p_merchant_id int, p_live bool,
    p_operator text, p_msisdn_index bytea, p_amount bigint, p_currency text,
    p_category text, p_caps carrierpay.spend_cap[])
returns text
language plpgsql stable security definer
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
as $$
declare
    v_now      bigint := now_ms();
    v_contract contract;
    v_tariff   record;
    v_reason   text;
begin
    select * into v_contract from contract k
     where k.merchant_id = p_merchant_id and k.operator = p_operator
       and k.live = p_live and k.valid_from <= v_now
       and coalesce(k.valid_to > v_now, true);

    select t.vat_bp, price_allowed(p_amount, t.amounts, t.lowest, t.highest,
                                   t.step) as allowed
      into v_tariff
      from tariff(p_operator, category_parse(p_category), v_now) t;

    v_reason := case
           when v_contract.id is null then 'service_not_allowed'
           when v_contract.currency <> p_currency then
               'currency_not_supported'
           when v_tariff.vat_bp is null then 'category_not_allowed'
           when p_amount not between 1 and split_limit()
                or not v_tariff.allowed
                or split_payable(p_amount, v_tariff.vat_bp,
                                 v_contract.operator_share_bp,
                                 v_contract.fee_bp,
                                 v_contract.fee_fixed) < 0 then
               'amount_not_allowed'
           when exists (select from block b
                         where b.msisdn_index = p_msisdn_index
                           and coalesce(b.merchant_id = p_merchant_id, true)
                           and (b.live or not p_live)) then
               'blocked_by_subscriber' end;

    if v_reason is null then
        select spend_reason(max(j.reason)) into v_reason
          from unnest(p_caps) as c
         cross join lateral spend_judge(p_msisdn_index, p_live, p_merchant_id,
                                        p_currency, p_amount, null, c) j
         where c.operator = p_operator;
    end if;

    return v_reason;
end
$$;

-- Of many at once, as pages ask it.
create function carrierpay.eligibility_evaluate(p_merchant_id int[],
    p_live bool[], p_operator text[], p_msisdn_index bytea[],
    p_amount bigint[], p_currency text[], p_category text[])
returns table (ord int, reason text)
language plpgsql stable security definer
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
as $$
declare
    v_caps spend_cap[] := spend_caps(p_operator, now_ms());
begin
    return query
    select i, eligibility(p_merchant_id[i], p_live[i], p_operator[i],
                          p_msisdn_index[i], p_amount[i], p_currency[i],
                          p_category[i], v_caps)
      from generate_subscripts(p_merchant_id, 1) as i;
end
$$;

revoke all on function subscriber_get, eligibility, eligibility_evaluate
    from public;
grant execute on function subscriber_get, eligibility_evaluate to carrierpay;

commit;
