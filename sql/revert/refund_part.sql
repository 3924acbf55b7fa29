-- Revert carrierpay:refund_part from pg

begin;

drop function carrierpay.refund_part;

commit;
