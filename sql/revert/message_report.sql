-- Revert carrierpay:message_report from pg

begin;

drop function carrierpay.message_report;

commit;
