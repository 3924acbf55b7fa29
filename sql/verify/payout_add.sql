-- Verify carrierpay:payout_add on pg

begin;

-- these signatures, for the owner alone
select 1 / (count(*) = 4)::int from pg_proc
 where oid in (
   'carrierpay.account_owed(integer, text)'::regprocedure,
   'carrierpay.payout_unsettled(integer, boolean, text)'::regprocedure,
   'carrierpay.payout_add(bigint, integer, text, bigint, text, text, bytea, '
    'bytea)'::regprocedure,
   'carrierpay.payout_cancel(bigint)'::regprocedure)
   and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and not has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

rollback;
