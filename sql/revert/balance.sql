-- Revert carrierpay:balance from pg

begin;

drop function carrierpay.balance_fold;
drop function carrierpay.balance_until;
drop function carrierpay.balance_count;
drop function carrierpay.turnover_parts;
drop function carrierpay.turnover_kind_name;
drop table carrierpay.turnover;
drop table carrierpay.balance_day;
drop table carrierpay.balance_mark;

commit;
