-- Revert carrierpay:pin_try from pg

begin;

drop function carrierpay.pin_try;

commit;
