-- Revert carrierpay:eligibility from pg

begin;

drop function carrierpay.eligibility_evaluate;
drop function carrierpay.eligibility;
drop function carrierpay.subscriber_get;

commit;
