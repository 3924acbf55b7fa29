-- Verify carrierpay:tariff on pg

begin;

select vat_bp, amounts, lowest, highest, step
  from carrierpay.tariff('none', 'd', 0);

-- the planner can put it into other queries; the service cannot call it
select 1 / count(*) from pg_proc
 where oid = 'carrierpay.tariff(text, "char", bigint)'::regprocedure
   and provolatile = 's' and not prosecdef and proconfig is null
   and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and not has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

rollback;
