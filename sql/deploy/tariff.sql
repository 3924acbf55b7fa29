-- Deploy carrierpay:tariff to pg
-- requires: operator
-- requires: vat_rate
-- requires: price_list

begin;
set local role carrierpay_owner;

-- What an operator takes at an instant, of one category: the VAT rate in its
-- country and the price points.  Without a VAT rate it takes nothing, either
-- because it refuses the category or because no rate is known.  No row: there
-- is no such operator.
--
-- A plain query, which the planner puts into those that name it: three
-- lookups by index, fenced off as others are (see payment_create).
create function carrierpay.tariff(p_operator text, p_category "char",
    p_at bigint)
returns table (vat_bp int, amounts bigint[], lowest bigint, highest bigint,
    step bigint)
language sql stable
as $$
    select v.bp, l.amounts, l.lowest, l.highest, l.step
      from carrierpay.operator o
      left join lateral carrierpay.vat_rate_at(o.country, p_category, p_at) v
        on p_category <> all (o.refuses)
      left join lateral (
           select l.amounts, l.lowest, l.highest, l.step
             from carrierpay.price_list l
            where l.operator = o.code and l.valid_from <= p_at
            order by l.valid_from desc, l.id desc
            limit 1) l on true
     where o.code = p_operator
    offset 0
$$;

commit;
