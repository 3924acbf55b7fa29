-- Verify carrierpay:payment_again on pg

begin;

-- for payment_create alone
select 1 / count(*) from pg_proc
 where oid = 'carrierpay.payment_again(int[], bigint[], uuid[], uuid[],
                  bytea[], smallint, smallint)'::regprocedure
   and not prosecdef and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and not has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

rollback;
