-- Revert carrierpay:subscriber from pg

begin;

drop table carrierpay.pseudonym;
drop table carrierpay.subscriber;

commit;
