-- Revert carrierpay:spend_limit from pg

begin;

drop function carrierpay.spend_caps;
drop type carrierpay.spend_cap;
drop function carrierpay.spend_most_own;
drop function carrierpay.spend_most;
drop function carrierpay.spend_limit_set;
drop function carrierpay.spend_restores;
drop function carrierpay.spend_differing;
drop function carrierpay.spend_configure;
drop table carrierpay.spend_limit;

commit;
