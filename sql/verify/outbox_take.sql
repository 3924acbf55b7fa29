-- Verify carrierpay:outbox_take on pg

begin;

-- run by the owner's functions only
select 1 / count(*) from pg_proc
 where oid =
   'carrierpay.outbox_take(int, int, bigint)'::regprocedure
   and not prosecdef and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and not has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

rollback;
