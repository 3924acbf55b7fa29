-- Revert carrierpay:refund_finish from pg

begin;

drop function carrierpay.refund_finish;

commit;
