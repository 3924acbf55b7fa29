-- Revert carrierpay:message_done from pg

begin;

drop function carrierpay.message_done;

commit;
