-- Revert carrierpay:contract from pg

begin;

drop table carrierpay.contract;
drop function carrierpay.contract_refuse;
drop table carrierpay.account;

commit;
