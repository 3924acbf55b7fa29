-- Revert carrierpay:line_copy from pg

begin;

drop function carrierpay.line_copy;

commit;
