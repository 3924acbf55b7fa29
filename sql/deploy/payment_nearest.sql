-- Deploy carrierpay:payment_nearest to pg
-- requires: contract
-- requires: tariff
-- requires: spend_limit

-- The part of payment_create for amounts that are not allowed: the nearest
-- amounts below and above that are.  They are price points of the operator, or
-- without one, of all that the merchant has a contract with now, in this
-- currency and for this category; without price points there is only the most
-- that a line may pay at once.  One that would leave the merchant nothing is
-- none.  Null: there is none.
--
-- Called with the planner settings of payment_create.

begin;
set local role carrierpay_owner;

create function carrierpay.payment_nearest(p_merchant_id int, p_live bool,
    p_operator text, p_amount bigint, p_currency text, p_category text,
    p_now bigint, out below bigint, out above bigint)
language plpgsql stable
as $$
#variable_conflict use_column
begin
    select max(n.below) filter (where split_payable(n.below, t.vat_bp,
               k.operator_share_bp, k.fee_bp, k.fee_fixed) >= 0),
           min(n.above) filter (where split_payable(n.above, t.vat_bp,
               k.operator_share_bp, k.fee_bp, k.fee_fixed) >= 0
               and coalesce(n.above <= m.most, true))
      into below, above
      from contract k
     cross join lateral tariff(k.operator, coalesce(category_parse(p_category),
                                                    'd'), p_now) t
     cross join lateral (
           select least(m.most, o.most) as most
             from spend_most(k.operator) m,
                  spend_most_own(k.merchant_id, k.operator) o) m
     cross join lateral (
           select case when coalesce(t.amounts[1], t.lowest) is not null then
                      price_below(least(p_amount, m.most + 1), t.amounts,
                                  t.lowest, t.highest, t.step)
                  when m.most < p_amount then m.most end as below,
                  price_above(p_amount, t.amounts, t.lowest, t.highest,
                              t.step) as above) n
     where k.merchant_id = p_merchant_id and k.live = p_live
       and k.operator = coalesce(p_operator, k.operator)
       and k.currency = p_currency and k.valid_from <= p_now
       and coalesce(k.valid_to > p_now, true);
end
$$;

revoke all on function carrierpay.payment_nearest from public;

commit;
