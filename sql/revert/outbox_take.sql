-- Revert carrierpay:outbox_take from pg

begin;

drop function carrierpay.outbox_take;
drop type carrierpay.outbox_memory;

commit;
