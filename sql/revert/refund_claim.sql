-- Revert carrierpay:refund_claim from pg

begin;

drop function carrierpay.refund_claim;

commit;
