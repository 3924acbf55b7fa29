-- Revert carrierpay:payment_shopper from pg

begin;

drop function carrierpay.payment_shopper;

commit;
