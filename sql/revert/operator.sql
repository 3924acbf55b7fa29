-- Revert carrierpay:operator from pg

begin;

drop table carrierpay.operator;

commit;
