-- Verify carrierpay:queue on pg

begin;

-- run by the owner's functions only
select 1 / count(*) from pg_proc
 where oid =
   'carrierpay.queue_from(text, bigint)'::regprocedure
   and not prosecdef and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and not has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');
select 1 / count(*) from pg_proc
 where oid =
   'carrierpay.queue_read(text, bigint, bigint, bigint)'::regprocedure
   and not prosecdef and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and not has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

rollback;
