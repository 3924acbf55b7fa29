-- Verify carrierpay:split on pg

begin;

-- 4.99 with 20 % VAT, 30 % to the operator, a fee of 5 % + 0.10
select 1 / (carrierpay.split_vat(499, 2000) = 83)::int;
select 1 / (carrierpay.split_share(499, 2000, 3000) = 125)::int;
select 1 / (carrierpay.split_fee(499, 500, 10) = 35)::int;
select 1 / (carrierpay.split_payable(499, 2000, 3000, 500, 10) = 256)::int;
select 1 / (carrierpay.split_payable(carrierpay.split_limit(), 10000, 10000,
                                     10000, 0) < 0)::int;

rollback;
