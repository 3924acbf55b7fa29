-- Deploy carrierpay:split to pg
-- requires: schema

-- How a gross amount is split; the only place that knows.  All are plain
-- expressions, so the planner puts them into the statements that use them:
-- no call is left at run time.
--
-- With 0 <= gross <= split_limit() and basis points <= 10000 the products
-- stay below 2^63.  Half a minor unit is rounded up.

begin;
set local role carrierpay_owner;

create function carrierpay.split_limit() returns bigint
language sql immutable parallel safe
return 1000000000000;

-- the VAT contained in the gross amount
create function carrierpay.split_vat(gross bigint, vat_bp int) returns bigint
language sql immutable parallel safe
return (2 * gross * vat_bp + 10000 + vat_bp) / (20000 + 2 * vat_bp);

-- basis points of an amount
create function carrierpay.split_part(amount bigint, bp int) returns bigint
language sql immutable parallel safe
return (amount * bp + 5000) / 10000;

create function carrierpay.split_share(gross bigint, vat_bp int, share_bp int)
returns bigint
language sql immutable parallel safe
return carrierpay.split_part(gross - carrierpay.split_vat(gross, vat_bp),
                             share_bp);

create function carrierpay.split_fee(gross bigint, fee_bp int,
    fee_fixed bigint) returns bigint
language sql immutable parallel safe
return carrierpay.split_part(gross, fee_bp) + fee_fixed;

-- what is left for the merchant; negative: the amount is too small
create function carrierpay.split_payable(gross bigint, vat_bp int,
    share_bp int, fee_bp int, fee_fixed bigint) returns bigint
language sql immutable parallel safe
return gross - carrierpay.split_vat(gross, vat_bp)
             - carrierpay.split_share(gross, vat_bp, share_bp)
             - carrierpay.split_fee(gross, fee_bp, fee_fixed);

commit;
