-- Revert carrierpay:payment_hold_finish from pg

begin;

drop function carrierpay.payment_hold_finish;

commit;
