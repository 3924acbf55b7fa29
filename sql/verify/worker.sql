-- Verify carrierpay:worker on pg

begin;

select number, process, until, ended_at from carrierpay.worker_lease
 where false;

-- granted to no other role than the owner
select 1 / count(*) from pg_class
 where oid = 'carrierpay.worker_lease'::regclass and relacl is null
   and pg_get_userbyid(relowner) = 'carrierpay_owner';

select 1 / count(*) from pg_sequences
 where schemaname = 'carrierpay' and sequencename = 'worker_number'
   and min_value = 0 and max_value = 1023 and cycle;

-- 2026-11-21T12:00:00Z, worker 5, the second of its millisecond
select 1 / (carrierpay.id_worker(((1795262400000 - 1735689600000) << 22)
                                 + (5 << 12) + (1 << 5)) = 5)::int;

-- these signatures, run as the owner, for the service only
select 1 / (count(*) = 3)::int from pg_proc
 where oid in ('carrierpay.worker_start(text, text, text, int, int, int)'
                   ::regprocedure,
               'carrierpay.worker_renew(int, text, text)'::regprocedure,
               'carrierpay.worker_others(int)'::regprocedure)
   and prosecdef and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and proconfig @> array['search_path=carrierpay, pg_temp']
   and has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

-- for the owner only
select 1 / count(*) from pg_proc
 where oid = 'carrierpay.worker_take(text, int)'::regprocedure
   and proconfig @> array['search_path=carrierpay, pg_temp']
   and not has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

rollback;
