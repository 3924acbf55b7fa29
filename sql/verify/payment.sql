-- Verify carrierpay:payment on pg

begin;

select id, amount, expires, later_max, attempt, consent_id, subscriber_id,
       pseudonym_id, share, tax, fee, ended, captured, refunded, held_until,
       contract_id, spend_day, spend_apart, merchant_id, events, live, hold,
       manual, outcome_unknown, approval, state, operator, language,
       failure_code, operator_reference, currency, description, reference,
       return_url, metadata, locale, email, traceparent
  from carrierpay.payment where false;

select payment_id, due_at, token, attempts
  from carrierpay.payment_due where false;

-- granted to no other role than the owner
select 1 / count(*) from pg_class
 where oid = 'carrierpay.payment'::regclass and relacl is null
   and pg_get_userbyid(relowner) = 'carrierpay_owner';
select 1 / count(*) from pg_class
 where oid = 'carrierpay.payment_due'::regclass and relacl is null
   and pg_get_userbyid(relowner) = 'carrierpay_owner';

select 1 / (carrierpay.state_name('s') = 'succeeded')::int;

select 1 / (count(*) = 4)::int from pg_trigger
 where tgrelid = 'carrierpay.payment'::regclass and tgenabled = 'A'
   and tgname in ('payment_terminal', 'payment_fixed', 'payment_rated',
                  'payment_refuse');

rollback;
