-- Revert carrierpay:subscriber_import from pg

begin;

drop function carrierpay.subscriber_import;

commit;
