-- Verify carrierpay:payment_decline on pg

begin;

-- for payment_finish only
select 1 / count(*) from pg_proc
 where oid = 'carrierpay.payment_decline(bigint[], bigint[], text[], text[], '
             'text[], bigint[], bigint)'::regprocedure
   and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and not has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

rollback;
