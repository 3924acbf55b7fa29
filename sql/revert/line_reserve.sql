-- Revert carrierpay:line_reserve from pg

begin;

drop function carrierpay.line_reserve;

commit;
