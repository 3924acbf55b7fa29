-- Revert carrierpay:outbox_redeliver from pg

begin;

drop function carrierpay.outbox_redeliver;

commit;
