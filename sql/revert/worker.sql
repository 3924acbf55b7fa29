-- Revert carrierpay:worker from pg

begin;

drop function carrierpay.worker_enter;
drop table carrierpay.worker_process;
drop function carrierpay.id_worker;

commit;
