-- Verify carrierpay:spend_release on pg

begin;

-- for other functions only
select 1 / (count(*) / 3) from pg_proc
 where oid in ('carrierpay.spend_busy(bigint[], text[])'::regprocedure,
               'carrierpay.spend_release(bigint[], bigint[])'::regprocedure,
               'carrierpay.spend_return(bigint, bigint)'::regprocedure)
   and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and not has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

rollback;
