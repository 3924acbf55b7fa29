-- Revert carrierpay:payment_sweep from pg

begin;

drop function carrierpay.payment_sweep;
drop table carrierpay.sweep;

commit;
