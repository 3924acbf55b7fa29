-- Revert carrierpay:cdr_file from pg

begin;

drop function carrierpay.cdr_posted;
drop function carrierpay.journal_open;
drop table carrierpay.cdr_file;
drop function carrierpay.cdr_refuse;

commit;
