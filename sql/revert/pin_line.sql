-- Revert carrierpay:pin_line from pg

begin;

drop function carrierpay.pin_uncount;
drop function carrierpay.pin_count;
drop function carrierpay.pin_line;

commit;
