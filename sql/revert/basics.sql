-- Revert carrierpay:basics from pg

begin;

drop function carrierpay.jitter_ms;
drop function carrierpay.now_ms;

commit;
