-- Revert carrierpay:refund_post from pg

begin;

drop function carrierpay.refund_legs;
drop function carrierpay.refund_post;
drop function carrierpay.operator_account;

commit;
