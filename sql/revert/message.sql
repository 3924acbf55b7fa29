-- Revert carrierpay:message from pg

begin;

drop table carrierpay.mo;
drop table carrierpay.message_due;
drop table carrierpay.message;
drop function carrierpay.message_state;

commit;
