-- Verify carrierpay:balance on pg

begin;

select one, until, next, horizon from carrierpay.balance_mark where false;
select account_id, day, debit, credit, entries, currency
  from carrierpay.balance_day where false;
select at, contract_id, kind, category, payments, wholes, gross, received,
       share, tax, fee, net
  from carrierpay.turnover where false;

select 1 / count(*) from carrierpay.balance_mark;

-- granted to no other role than the owner
select 1 / (count(*) / 3) from pg_class
 where oid in ('carrierpay.balance_mark'::regclass,
               'carrierpay.balance_day'::regclass,
               'carrierpay.turnover'::regclass)
   and relacl is null and pg_get_userbyid(relowner) = 'carrierpay_owner';

-- this signature, run as the owner, for the service only
select 1 / count(*) from pg_proc
 where oid = 'carrierpay.balance_fold()'::regprocedure
   and prosecdef and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and proconfig @> array['search_path=carrierpay, pg_temp']
   and has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

rollback;
