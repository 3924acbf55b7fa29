-- Revert carrierpay:line_due from pg

begin;

drop function carrierpay.line_settle;
drop function carrierpay.line_due_done;
drop function carrierpay.line_due_claim;

commit;
