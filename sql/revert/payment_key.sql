-- Revert carrierpay:payment_key from pg

begin;

drop function carrierpay.payment_key;

commit;
