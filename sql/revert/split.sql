-- Revert carrierpay:split from pg

begin;

drop function carrierpay.split_payable;
drop function carrierpay.split_fee;
drop function carrierpay.split_share;
drop function carrierpay.split_part;
drop function carrierpay.split_vat;
drop function carrierpay.split_limit;

commit;
