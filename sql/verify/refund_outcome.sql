-- Verify carrierpay:refund_outcome on pg

begin;

-- for the functions of the service only
select 1 / count(*) from pg_proc
 where oid =
   'carrierpay.refund_conflict(carrierpay.refund, text, text, text, text, '
   'bigint)'::regprocedure
   and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and not has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

-- for the functions of the service only
select 1 / count(*) from pg_proc
 where oid =
   'carrierpay.refund_unknown(carrierpay.refund, text, bigint)'::regprocedure
   and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and not has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

-- for the functions of the service only
select 1 / count(*) from pg_proc
 where oid =
   'carrierpay.refund_queue(carrierpay.refund, text, text, '
    'bigint)'::regprocedure
   and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and not has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

rollback;
