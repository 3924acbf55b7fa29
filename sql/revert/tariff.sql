-- Revert carrierpay:tariff from pg

begin;

drop function carrierpay.tariff;

commit;
