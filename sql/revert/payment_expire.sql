-- Revert carrierpay:payment_expire from pg

begin;

drop function carrierpay.payment_expire;

commit;
