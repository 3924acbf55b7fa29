-- Revert carrierpay:message_refund from pg

begin;

drop function carrierpay.message_refund;

commit;
