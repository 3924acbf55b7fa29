-- Verify carrierpay:outbox_redeliver on pg

begin;

-- this signature, for the owner only
select 1 / count(*) from pg_proc
 where oid =
   'carrierpay.outbox_redeliver(bigint,integer)'::regprocedure
   and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and not has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

rollback;
