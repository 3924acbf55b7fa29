-- Revert carrierpay:pin from pg

begin;

drop function carrierpay.pin_delay;
drop function carrierpay.pin_attempts_left;
drop function carrierpay.pin_limits;
drop table carrierpay.pin_failure;
drop table carrierpay.pin;

commit;
