-- Revert carrierpay:message_claim from pg

begin;

drop function carrierpay.message_claim;

commit;
