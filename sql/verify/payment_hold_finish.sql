-- Verify carrierpay:payment_hold_finish on pg

begin;

-- for the functions of the service only
select 1 / count(*) from pg_proc
 where oid =
   'carrierpay.payment_hold_finish(bigint[], bigint[], text[], text[], '
   'text[], bigint[], bigint)'::regprocedure
   and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and not has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

rollback;
