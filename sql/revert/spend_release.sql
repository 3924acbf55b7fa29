-- Revert carrierpay:spend_release from pg

begin;

drop function carrierpay.spend_return;
drop function carrierpay.spend_release;
drop function carrierpay.spend_busy;

commit;
