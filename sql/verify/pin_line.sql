-- Verify carrierpay:pin_line on pg

begin;

select 1 / (count(*) = 3)::int from pg_proc
 where oid in ('carrierpay.pin_line(bytea, bool, bytea, bool)'::regprocedure,
               'carrierpay.pin_count(bigint, bigint, bytea, bool, bytea, bytea,
                   bool)'::regprocedure,
               'carrierpay.pin_uncount(bigint)'::regprocedure)
   and prosecdef and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and proconfig @> array['search_path=carrierpay, pg_temp']
   and has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

rollback;
