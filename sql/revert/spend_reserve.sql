-- Revert carrierpay:spend_reserve from pg

begin;

drop function carrierpay.spend_reserve;

commit;
