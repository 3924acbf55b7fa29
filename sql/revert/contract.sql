-- Revert carrierpay:contract from pg

begin;

drop table carrierpay.contract;
drop table carrierpay.account;

commit;
