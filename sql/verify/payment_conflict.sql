-- Verify carrierpay:payment_conflict on pg

begin;

-- for payment_finish only
select 1 / count(*) from pg_proc
 where oid = 'carrierpay.payment_conflict(int[], bigint[], bigint[], '
             'text[], text[], text[], bigint)'::regprocedure
   and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and not has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

rollback;
