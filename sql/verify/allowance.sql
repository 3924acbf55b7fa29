-- Verify carrierpay:allowance on pg

begin;

-- for payment_finish and block_remove only
select 1 / (count(*) / 2) from pg_proc
 where oid in ('carrierpay.allowance_give(bigint[])'::regprocedure,
               'carrierpay.allowance_end(bytea, int, bool)'::regprocedure)
   and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and not has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

rollback;
