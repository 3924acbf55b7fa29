-- Verify carrierpay:line on pg

begin;

select payment_id, attempt, amount, until, due_at, day, merchant_id, live,
       apart, currency, msisdn_index
  from carrierpay.line_hold where false;
select id, payment_id, attempt, due_at, token, pseudonym_id, consent_id,
       amount, attempts, merchant_id, day, live, apart, kind, currency,
       msisdn_index
  from carrierpay.line_due where false;
select payment_id, due from carrierpay.line_settled where false;

-- granted to no other role than the owner
select 1 / (count(*) = 3)::int from pg_class
 where oid in ('carrierpay.line_hold'::regclass,
               'carrierpay.line_due'::regclass,
               'carrierpay.line_settled'::regclass)
   and relacl is null and pg_get_userbyid(relowner) = 'carrierpay_owner';

rollback;
