-- Revert carrierpay:chargeback from pg

begin;

drop view carrierpay.chargeback_view;
drop function carrierpay.operation_next;
drop function carrierpay.chargeback_sum;
drop index carrierpay.posting_chargeback;
drop table carrierpay.chargeback;
drop function carrierpay.chargeback_refuse;
drop function carrierpay.chargeback_reason_name;

commit;
