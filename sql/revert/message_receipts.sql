-- Revert carrierpay:message_receipts from pg

begin;

drop function carrierpay.message_receipts;

commit;
