-- Verify carrierpay:payment_begin on pg

begin;

-- this signature, run as the owner, for the service only
select 1 / count(*) from pg_proc
 where oid =
   'carrierpay.payment_begin(bigint[], bigint[], text[], bigint[], bytea[], '
    'bytea[], bigint[], text[], text[], bigint[], text[], bytea[], text[], '
    'text[], text[], bigint[], bigint[], int[], bool[])'::regprocedure
   and prosecdef and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and proconfig @> array['search_path=carrierpay, pg_temp']
   and has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

rollback;
