-- Revert carrierpay:payment_cancel from pg

begin;

drop function carrierpay.payment_cancel;

commit;
