-- Revert carrierpay:payment_unknown from pg

begin;

drop function carrierpay.payment_unknown;

commit;
