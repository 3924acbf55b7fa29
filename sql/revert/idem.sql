-- Revert carrierpay:idem from pg

begin;

drop table carrierpay.idem;

commit;
