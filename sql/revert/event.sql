-- Revert carrierpay:event from pg

begin;

drop table carrierpay.outbox_dead;
drop table carrierpay.outbox;
drop function carrierpay.event_name;
drop table carrierpay.event;
drop function carrierpay.event_refuse;

commit;
