-- Revert carrierpay:refund_add from pg

begin;

drop function carrierpay.refund_add;

commit;
