-- Revert carrierpay:event_view from pg

begin;

drop function carrierpay.payment_first;
drop view carrierpay.event_view;

commit;
