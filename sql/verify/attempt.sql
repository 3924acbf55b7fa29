-- Verify carrierpay:attempt on pg

begin;

select payment_id, id, at, subscriber_id, contract_id, number, operator,
       failure_code, operator_reference
  from carrierpay.attempt where false;

-- granted to no other role than the owner
select 1 / count(*) from pg_class
 where oid = 'carrierpay.attempt'::regclass and relacl is null
   and pg_get_userbyid(relowner) = 'carrierpay_owner';

select 1 / count(*) from pg_trigger
 where tgrelid = 'carrierpay.attempt'::regclass
   and tgname = 'attempt_refuse' and tgenabled = 'A';

-- for the functions of the service only
select 1 / (count(*) = 4)::int from pg_proc
 where oid in ('carrierpay.attempt_list(bigint, bigint)'::regprocedure,
               'carrierpay.attempt_last(bigint)'::regprocedure,
               'carrierpay.attempt_number(bigint, bigint)'::regprocedure,
               'carrierpay.attempt_payment(carrierpay.payment, smallint)'
               ::regprocedure)
   and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and not has_function_privilege('public', oid, 'execute');

rollback;
