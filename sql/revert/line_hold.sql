-- Revert carrierpay:line_hold from pg

begin;

drop function carrierpay.line_hold_end;
drop function carrierpay.payment_begun;
drop function carrierpay.line_hold_claim;

commit;
