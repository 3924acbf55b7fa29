-- Revert carrierpay:backlog from pg

begin;

drop function carrierpay.backlog;

commit;
