-- Revert carrierpay:payout_add from pg

begin;

drop function carrierpay.payout_cancel;
drop function carrierpay.payout_add;
drop function carrierpay.payout_unsettled;
drop function carrierpay.account_owed;

commit;
