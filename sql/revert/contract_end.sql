-- Revert carrierpay:contract_end from pg

begin;

drop function carrierpay.contract_end;

commit;
