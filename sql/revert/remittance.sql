-- Revert carrierpay:remittance from pg

begin;

drop function carrierpay.adjustment_add;
drop function carrierpay.remittance_returned;
drop function carrierpay.remittance_paid;
drop function carrierpay.remittance_day;
drop function carrierpay.remittance_post;

commit;
