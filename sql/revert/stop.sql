-- Revert carrierpay:stop from pg

begin;

drop function carrierpay.stop_subscriber;

commit;
