-- Verify carrierpay:settlement_close on pg

begin;

-- for the roles that may write the tables
select 1 / count(*) from pg_proc
 where oid = 'carrierpay.settlement_close(int, date)'::regprocedure
   and pg_get_userbyid(proowner) = 'carrierpay_owner' and not prosecdef
   and proconfig @> array['search_path=carrierpay, pg_temp']
   and not has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

rollback;
