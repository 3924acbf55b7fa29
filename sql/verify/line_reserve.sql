-- Verify carrierpay:line_reserve on pg

begin;

select 1 / (count(*) = 1)::int from pg_proc
 where oid in ('carrierpay.line_reserve(bigint[], bigint[], int[], bool[],
                   text[], text[], text[], bigint[], bytea[], bytea[],
                   bigint[], bigint[], bigint[], bigint[])'::regprocedure)
   and prosecdef and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and proconfig @> array['search_path=carrierpay, pg_temp']
   and has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

rollback;
