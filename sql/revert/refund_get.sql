-- Revert carrierpay:refund_get from pg

begin;

drop function carrierpay.refund_get;
drop function carrierpay.refund_list;

commit;
