-- Revert carrierpay:keyring from pg

begin;

drop function carrierpay.keyring_check;
drop table carrierpay.keyring_probe;

commit;
