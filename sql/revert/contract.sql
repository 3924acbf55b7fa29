-- Revert carrierpay:contract from pg

begin;

drop view carrierpay.contract_tier;
drop table carrierpay.contract;
drop function carrierpay.contract_refuse;
drop function carrierpay.bearer_name;
drop function carrierpay.tiers_valid;
drop type carrierpay.tier;
drop table carrierpay.account;

commit;
