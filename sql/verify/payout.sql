-- Verify carrierpay:payout on pg

begin;

select id, merchant_id, live, operator, currency, amount, reference,
       msisdn_index, msisdn, state, outcome_unknown, failure_code,
       operator_reference, begun, ended, held_by, ended_by
  from carrierpay.payout where false;

select payout_id, due_at, token, attempts
  from carrierpay.payout_due where false;

select id, merchant_id, state, operator, msisdn
  from carrierpay.payout_view where false;

-- granted to no other role than the owner
select 1 / (count(*) = 3)::int from pg_class
 where relnamespace = 'carrierpay'::regnamespace and relacl is null
   and relname in ('payout', 'payout_due', 'payout_view')
   and pg_get_userbyid(relowner) = 'carrierpay_owner';

select 1 / (count(*) = 3)::int from pg_trigger
 where tgrelid = 'carrierpay.payout'::regclass and tgenabled = 'A'
   and tgname in ('payout_fixed', 'payout_state', 'payout_refuse');

-- for the functions of the ledger alone
select 1 / (count(*) = 2)::int from pg_proc
 where pronamespace = 'carrierpay'::regnamespace
   and proname in ('payout_accounts', 'payout_end')
   and not has_function_privilege('public', oid, 'execute')
   and not has_function_privilege('carrierpay', oid, 'execute');

rollback;
