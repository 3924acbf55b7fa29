-- Verify carrierpay:payment_shopper on pg

begin;

-- for payment_begin only
select 1 / count(*) from pg_proc
 where oid = 'carrierpay.payment_shopper(text[], bool[], int[], text[],
                  bigint[], bytea[], bytea[], text[], bigint[])'::regprocedure
   and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and not has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

rollback;
