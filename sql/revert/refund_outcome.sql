-- Revert carrierpay:refund_outcome from pg

begin;

drop function carrierpay.refund_conflict;
drop function carrierpay.refund_unknown;
drop function carrierpay.refund_queue;

commit;
