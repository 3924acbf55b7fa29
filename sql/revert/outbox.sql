-- Revert carrierpay:outbox from pg

begin;

drop table carrierpay.outbox_dead;
drop table carrierpay.outbox;

commit;
