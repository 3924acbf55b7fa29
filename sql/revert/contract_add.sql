-- Revert carrierpay:contract_add from pg

begin;

drop function carrierpay.contract_add;
drop function carrierpay.account_id;

commit;
