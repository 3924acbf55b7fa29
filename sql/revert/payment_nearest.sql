-- Revert carrierpay:payment_nearest from pg

begin;

drop function carrierpay.payment_nearest;

commit;
