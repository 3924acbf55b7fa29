-- Revert carrierpay:total from pg

begin;

drop function carrierpay.total_watch;
drop function carrierpay.total_state;
drop function carrierpay.total_part;
drop function carrierpay.total_set;
drop function carrierpay.total_configure;
drop function carrierpay.total_scope_name;
drop table carrierpay.total;
drop table carrierpay.total_limit;

commit;
