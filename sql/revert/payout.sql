-- Revert carrierpay:payout from pg

begin;

drop function carrierpay.payout_end;
drop function carrierpay.payout_accounts;
drop view carrierpay.payout_view;
drop table carrierpay.payout_due;
drop table carrierpay.payout;
drop function carrierpay.payout_refuse;
drop function carrierpay.payout_state_name;

commit;
