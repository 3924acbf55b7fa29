-- Revert carrierpay:block from pg

begin;

drop function carrierpay.block_remove;
drop function carrierpay.block_add;
drop table carrierpay.block;

commit;
