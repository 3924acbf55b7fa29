-- Revert carrierpay:allowance from pg

begin;

drop function carrierpay.allowance_end;
drop function carrierpay.allowance_give;

commit;
