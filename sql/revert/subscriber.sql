-- Revert carrierpay:subscriber from pg

begin;

drop function carrierpay.subscriber_forget;
drop table carrierpay.pseudonym;
drop table carrierpay.subscriber;

commit;
