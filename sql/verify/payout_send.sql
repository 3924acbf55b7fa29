-- Verify carrierpay:payout_send on pg

begin;

-- these signatures, run as the owner, for the service only
select 1 / (count(*) = 3)::int from pg_proc
 where oid in (
   'carrierpay.payout_claim(integer, integer, bigint)'::regprocedure,
   'carrierpay.payout_begin(bigint)'::regprocedure,
   'carrierpay.payout_finish(bigint, text, text, text)'::regprocedure)
   and prosecdef and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and proconfig @> array['search_path=carrierpay, pg_temp']
   and has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

select 1 / (count(*) = 2)::int from pg_proc
 where pronamespace = 'carrierpay'::regnamespace
   and proname in ('payout_conflict', 'payout_unknown')
   and not has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

rollback;
