-- Revert carrierpay:spend from pg

begin;

drop function carrierpay.spend_own;
drop function carrierpay.spend_back;
drop function carrierpay.spend_hold;
drop function carrierpay.spend_open;
drop table carrierpay.spend;

commit;
