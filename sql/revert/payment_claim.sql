-- Revert carrierpay:payment_claim from pg

begin;

drop function carrierpay.payment_claim;

commit;
