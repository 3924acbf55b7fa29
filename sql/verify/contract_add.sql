-- Verify carrierpay:contract_add on pg

begin;

select 1 / count(*) from pg_proc
 where oid = 'carrierpay.contract_add(int, text, bigint, bigint, int, int, '
             'bigint, carrierpay.tier[], "char", "char", "char", '
             'bigint)'::regprocedure
   and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and proconfig @> array['search_path=carrierpay, pg_temp']
   and not has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

rollback;
