-- Verify carrierpay:worker on pg

begin;

select number, process, ended_at from carrierpay.worker_process where false;

-- granted to no other role than the owner
select 1 / count(*) from pg_class
 where oid = 'carrierpay.worker_process'::regclass and relacl is null
   and pg_get_userbyid(relowner) = 'carrierpay_owner';

-- 2026-11-21T12:00:00Z, worker 5, the second of its millisecond
select 1 / (carrierpay.id_worker(((1795262400000 - 1735689600000) << 22)
                                 + (5 << 12) + 1) = 5)::int;

-- this signature, run as the owner, for the service only
select 1 / count(*) from pg_proc
 where oid = 'carrierpay.worker_enter(int, text)'::regprocedure
   and prosecdef and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and proconfig @> array['search_path=carrierpay, pg_temp']
   and has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

rollback;
