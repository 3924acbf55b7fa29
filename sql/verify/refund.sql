-- Verify carrierpay:refund on pg

begin;

select payment_id, id, amount, total, charged_back, ended, number, kind, way,
       state, outcome_unknown, reason, failure_code, operator_reference
  from carrierpay.refund where false;

select refund_id, due_at, token, attempts
  from carrierpay.refund_due where false;

select id, payment_id, number, state, operator, msisdn, attempt
  from carrierpay.refund_view where false;

-- granted to no other role than the owner
select 1 / (count(*) = 3)::int from pg_class
 where relnamespace = 'carrierpay'::regnamespace and relacl is null
   and relname in ('refund', 'refund_due', 'refund_view')
   and pg_get_userbyid(relowner) = 'carrierpay_owner';

select 1 / (carrierpay.refund_sum(0) = 0)::int;

select 1 / (count(*) = 3)::int from pg_trigger
 where tgrelid = 'carrierpay.refund'::regclass and tgenabled = 'A'
   and tgname in ('refund_terminal', 'refund_fixed', 'refund_refuse');

rollback;
