-- Revert carrierpay:currency from pg

begin;

drop table carrierpay.currency;

commit;
