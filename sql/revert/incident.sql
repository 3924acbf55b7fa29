-- Revert carrierpay:incident from pg

begin;

drop table carrierpay.incident;
drop function carrierpay.incident_refuse;

commit;
