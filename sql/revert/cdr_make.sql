-- Revert carrierpay:cdr_make from pg

begin;

drop function carrierpay.cdr_add;
drop function carrierpay.cdr_rows;
drop function carrierpay.cdr_next;
drop table carrierpay.cdr_digest;
alter table carrierpay.cdr_file drop constraint cdr_file_template_id_fkey;
drop table carrierpay.cdr_template;

commit;
