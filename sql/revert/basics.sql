-- Revert carrierpay:basics from pg

begin;

drop function carrierpay.retry_ms;
drop function carrierpay.jitter_ms;
drop function carrierpay.id_period;
drop function carrierpay.id_first;
drop function carrierpay.id_time;
drop function carrierpay.post_ms;
drop function carrierpay.now_ms;

commit;
