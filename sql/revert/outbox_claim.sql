-- Revert carrierpay:outbox_claim from pg

begin;

drop function carrierpay.outbox_claim;

commit;
