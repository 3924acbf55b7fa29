-- Revert carrierpay:contract_correction from pg

begin;

drop function carrierpay.contract_correction;

commit;
