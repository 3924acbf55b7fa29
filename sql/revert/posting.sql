-- Revert carrierpay:posting from pg

begin;

drop view carrierpay.balance;
drop view carrierpay.entry;
drop function carrierpay.posting_leg;
drop function carrierpay.posting_add;
drop function carrierpay.posting_account;
drop table carrierpay.posting;
drop function carrierpay.posting_kind_name;

commit;
