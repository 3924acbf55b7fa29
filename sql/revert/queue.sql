-- Revert carrierpay:queue from pg

begin;

drop function carrierpay.queue_from, carrierpay.queue_read;

commit;
