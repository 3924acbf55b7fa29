-- Revert carrierpay:pin_issue from pg

begin;

drop function carrierpay.pin_last;
drop function carrierpay.pin_issue;

commit;
