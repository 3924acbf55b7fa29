-- Revert carrierpay:worker_release from pg

begin;

drop function carrierpay.worker_release;

commit;
