-- Revert carrierpay:price_list from pg

begin;

drop function carrierpay.price_above;
drop function carrierpay.price_below;
drop function carrierpay.price_allowed;
drop table carrierpay.price_list;
drop function carrierpay.price_list_refuse;
drop function carrierpay.price_ascending;

commit;
