-- Revert carrierpay:payment_begin from pg

begin;

drop function carrierpay.payment_begin;

commit;
