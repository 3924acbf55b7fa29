-- Revert carrierpay:category from pg

begin;

drop function carrierpay.category_parse;
drop function carrierpay.category_name;

commit;
