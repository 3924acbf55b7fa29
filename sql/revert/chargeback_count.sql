-- Revert carrierpay:chargeback_count from pg

begin;

drop function carrierpay.chargeback_resume;
drop function carrierpay.payment_left;
drop function carrierpay.chargeback_count;
drop function carrierpay.chargeback_post;
drop function carrierpay.chargeback_legs;

commit;
