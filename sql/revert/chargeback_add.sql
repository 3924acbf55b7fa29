-- Revert carrierpay:chargeback_add from pg

begin;

drop function carrierpay.chargeback_reverse;
drop function carrierpay.chargeback_add;
drop function carrierpay.chargeback_hold;

commit;
