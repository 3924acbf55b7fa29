-- Revert carrierpay:total_reserve from pg

begin;

drop function carrierpay.total_release;
drop function carrierpay.total_reserve;
drop function carrierpay.total_add;

commit;
