-- Revert carrierpay:payment_finish from pg

begin;

drop function carrierpay.payment_finish;

commit;
