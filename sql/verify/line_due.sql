-- Verify carrierpay:line_due on pg

begin;

select 1 / (count(*) = 3)::int from pg_proc
 where oid in ('carrierpay.line_due_claim(int, int, bigint)'::regprocedure,
               'carrierpay.line_due_done(bigint[])'::regprocedure,
               'carrierpay.line_settle(bigint[], bigint[], bigint[], text[],
                   bytea[], int[], bool[], bigint[], bigint[], bigint[],
                   text[], int[], bool[])'::regprocedure)
   and prosecdef and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and proconfig @> array['search_path=carrierpay, pg_temp']
   and has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

rollback;
