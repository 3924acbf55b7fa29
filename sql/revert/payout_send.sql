-- Revert carrierpay:payout_send from pg

begin;

drop function carrierpay.payout_finish;
drop function carrierpay.payout_unknown;
drop function carrierpay.payout_conflict;
drop function carrierpay.payout_begin;
drop function carrierpay.payout_claim;

commit;
