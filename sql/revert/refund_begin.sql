-- Revert carrierpay:refund_begin from pg

begin;

drop function carrierpay.refund_begin;

commit;
