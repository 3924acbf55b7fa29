-- Verify carrierpay:contract_correction on pg

begin;

-- for the roles that may read the tables alone
select 1 / count(*) from pg_proc
 where oid = 'carrierpay.contract_correction(int, bigint,
                                             bigint)'::regprocedure
   and provolatile = 's' and not prosecdef
   and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and proconfig @> array['search_path=carrierpay, pg_temp']
   and not has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

rollback;
