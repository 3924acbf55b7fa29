-- Revert carrierpay:basics from pg

begin;

drop function carrierpay.jitter_ms;
drop function carrierpay.now_ms;
drop function carrierpay.worker_number;
drop sequence carrierpay.worker;

commit;
