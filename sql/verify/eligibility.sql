-- Verify carrierpay:eligibility on pg

begin;

-- these signatures, run as the owner, for the service only
select 1 / (count(*) / 2) from pg_proc
 where oid in (
   'carrierpay.subscriber_get(int, bool, bigint, bigint, text)'::regprocedure,
   'carrierpay.eligibility_evaluate(int[], bool[], text[], bytea[], '
   'bigint[], text[], text[])'::regprocedure)
   and prosecdef and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and proconfig @> array['search_path=carrierpay, pg_temp']
   and has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

rollback;
