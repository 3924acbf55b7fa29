-- Revert carrierpay:worker from pg

begin;

drop function carrierpay.worker_others;
drop function carrierpay.worker_renew;
drop function carrierpay.worker_start;
drop function carrierpay.worker_take;
drop sequence carrierpay.worker_number;
drop table carrierpay.worker_lease;
drop function carrierpay.id_worker;

commit;
