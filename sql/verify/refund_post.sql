-- Verify carrierpay:refund_post on pg

begin;

-- for the functions of the service only
select 1 / count(*) from pg_proc
 where oid =
   'carrierpay.refund_legs(bigint, bigint, bigint, bigint, bigint, '
    'bigint)'::regprocedure
   and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and not has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

-- for the functions of the service only
select 1 / count(*) from pg_proc
 where oid =
   'carrierpay.refund_post(carrierpay.payment, carrierpay.refund, '
    'bigint)'::regprocedure
   and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and not has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

-- for the functions of the service only
select 1 / count(*) from pg_proc
 where oid =
   'carrierpay.operator_account(carrierpay.payment, text)'::regprocedure
   and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and not has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

rollback;
