-- Revert carrierpay:message_add from pg

begin;

drop function carrierpay.message_add;

commit;
