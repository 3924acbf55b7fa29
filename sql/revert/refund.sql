-- Revert carrierpay:refund from pg

begin;

drop view carrierpay.refund_view;
drop function carrierpay.refund_sum;
drop table carrierpay.refund_due;
drop table carrierpay.refund;
drop function carrierpay.refund_refuse;
drop function carrierpay.refund_way_name;
drop function carrierpay.refund_kind_name;
drop function carrierpay.refund_state_name;

commit;
