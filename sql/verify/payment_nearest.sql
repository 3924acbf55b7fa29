-- Verify carrierpay:payment_nearest on pg

begin;

-- for payment_create alone
select 1 / count(*) from pg_proc
 where oid = 'carrierpay.payment_nearest(int, bool, text, bigint, text, text, '
             'bigint)'::regprocedure
   and not prosecdef and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and not has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

rollback;
