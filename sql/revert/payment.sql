-- Revert carrierpay:payment from pg

begin;

drop table carrierpay.payment_due;
drop table carrierpay.payment;
drop function carrierpay.payment_refuse;
drop function carrierpay.payment_terminal;
drop function carrierpay.state_name;

commit;
