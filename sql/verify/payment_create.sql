-- Verify carrierpay:payment_create on pg

begin;

-- this signature, run as the owner, for the service only
select 1 / count(*) from pg_proc
 where oid =
   'carrierpay.payment_create(bigint[], int[], bool[], uuid[], uuid[], '
    'bigint[], text[], text[], text[], text[], text[], bigint[], bigint[], '
    'text[], bytea[], text[], text[], bool[], bigint[], bigint[], int[], '
    'bool[], text[])'::regprocedure
   and prosecdef and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and proconfig @> array['search_path=carrierpay, pg_temp']
   and has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

rollback;
