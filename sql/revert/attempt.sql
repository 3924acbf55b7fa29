-- Revert carrierpay:attempt from pg

begin;

drop function carrierpay.attempt_payment;
drop function carrierpay.attempt_number;
drop function carrierpay.attempt_last;
drop function carrierpay.attempt_list;
drop table carrierpay.attempt;
drop function carrierpay.attempt_refuse;

commit;
