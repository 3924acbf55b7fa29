-- Revert carrierpay:consent from pg

begin;

drop table carrierpay.consent;
drop function carrierpay.consent_refuse;

commit;
