-- Verify carrierpay:total_reserve on pg

begin;

-- for payment_create, payment_begin and spend_release only
select 1 / (count(*) / 3) from pg_proc
 where oid in ('carrierpay.total_add("char"[], text[], text[], bool[], date[],
                                     bigint[])'::regprocedure,
               'carrierpay.total_reserve(int[], bytea[], bool[], text[], int[],
                   text[], bigint[], bigint[], date[],
                   carrierpay.spend_cap[], bool)'::regprocedure,
               'carrierpay.total_release(bigint[], bigint[])'::regprocedure)
   and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and not has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

rollback;
