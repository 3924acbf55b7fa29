-- Revert carrierpay:payment_late from pg

begin;

drop function carrierpay.payment_late;

commit;
