-- Revert carrierpay:payment_conflict from pg

begin;

drop function carrierpay.payment_conflict;

commit;
