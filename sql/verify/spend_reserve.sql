-- Verify carrierpay:spend_reserve on pg

begin;

-- for payment_create and payment_begin only
select 1 / count(*) from pg_proc
 where oid = 'carrierpay.spend_reserve(int[], bytea[], bool[], text[], int[],
                  text[], bigint[], bigint[], carrierpay.spend_cap[],
                  bool)'::regprocedure
   and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and not has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

rollback;
