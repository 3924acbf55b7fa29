-- Revert carrierpay:outbox_done from pg

begin;

drop function carrierpay.outbox_done;

commit;
