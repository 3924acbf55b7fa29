-- Revert carrierpay:payment_again from pg

begin;

drop function carrierpay.payment_again;

commit;
