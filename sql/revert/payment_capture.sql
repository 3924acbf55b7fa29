-- Revert carrierpay:payment_capture from pg

begin;

drop function carrierpay.payment_capture;
drop function carrierpay.payment_release;
drop function carrierpay.payment_lease;

commit;
