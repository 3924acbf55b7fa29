-- Revert carrierpay:key_find from pg

begin;

drop function carrierpay.key_find;

commit;
