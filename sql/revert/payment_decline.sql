-- Revert carrierpay:payment_decline from pg

begin;

drop function carrierpay.payment_decline;

commit;
