-- Revert carrierpay:pin_attempt from pg

begin;

drop function carrierpay.pin_lost;
drop function carrierpay.pin_attempt;

commit;
