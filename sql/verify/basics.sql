-- Verify carrierpay:basics on pg

begin;

-- this signature, for the owner only: workers call worker_start
select 1 / count(*) from pg_proc
 where oid =
   'carrierpay.worker_number()'::regprocedure
   and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and proconfig @> array['search_path=carrierpay, pg_temp']
   and not has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

select 1 / count(*) from pg_sequences
 where schemaname = 'carrierpay' and sequencename = 'worker'
   and min_value = 0 and max_value = 1023 and cycle;

-- within a second of the clock
select 1 / (abs(carrierpay.now_ms()
                - extract(epoch from clock_timestamp()) * 1000) < 1000)::int;
select 1 / (carrierpay.jitter_ms(10) between 9000 and 11000)::int;

rollback;
