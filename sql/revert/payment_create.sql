-- Revert carrierpay:payment_create from pg

begin;

drop function carrierpay.payment_create;

commit;
