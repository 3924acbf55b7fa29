-- Revert carrierpay:mo_take from pg

begin;

drop function carrierpay.mo_take;

commit;
