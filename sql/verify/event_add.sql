-- Verify carrierpay:event_add on pg

begin;

-- for the functions of the service only
select 1 / count(*) from pg_proc
 where oid =
   'carrierpay.event_add(carrierpay.payment, smallint, "char", '
    'bigint)'::regprocedure
   and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and not has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

rollback;
