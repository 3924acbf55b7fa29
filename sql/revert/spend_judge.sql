-- Revert carrierpay:spend_judge from pg

begin;

drop function carrierpay.spend_judge;
drop function carrierpay.spend_reason;

commit;
