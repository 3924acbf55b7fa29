-- Revert carrierpay:incident from pg

begin;

drop table carrierpay.incident;

commit;
