-- Revert carrierpay:payment_view from pg

begin;

drop function carrierpay.payment_page;
drop function carrierpay.payment_get;
drop view carrierpay.payment_view;
drop view carrierpay.page_view;

commit;
