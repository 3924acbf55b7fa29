-- Revert carrierpay:total_exchange from pg

begin;

drop function carrierpay.total_receive;
drop function carrierpay.total_claim;
drop table carrierpay.total_sent;

commit;
