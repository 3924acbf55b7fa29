-- Verify carrierpay:refund_add on pg

begin;

-- for the functions of the service only
select 1 / count(*) from pg_proc
 where oid =
   'carrierpay.refund_add(bigint, bigint, bigint, "char", "char", smallint, '
   'text, bigint)'::regprocedure
   and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and not has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

rollback;
