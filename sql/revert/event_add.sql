-- Revert carrierpay:event_add from pg

begin;

drop function carrierpay.event_add;

commit;
