-- Revert carrierpay:event from pg

begin;

drop function carrierpay.event_name;
drop table carrierpay.event;
drop function carrierpay.event_refuse;

commit;
