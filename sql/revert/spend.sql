-- Revert carrierpay:spend from pg

begin;

drop function carrierpay.spend_own;
drop function carrierpay.spend_wait;
drop function carrierpay.spend_lock;
drop function carrierpay.spend_open;
drop table carrierpay.spend;

commit;
