-- Revert carrierpay:line from pg

begin;

drop function carrierpay.line_back;
drop table carrierpay.line_settled;
drop table carrierpay.line_due;
drop table carrierpay.line_hold;
drop function carrierpay.line_elsewhere;

commit;
