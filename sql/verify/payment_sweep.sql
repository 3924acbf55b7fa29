-- Verify carrierpay:payment_sweep on pg

begin;

select one, mark, next, horizon from carrierpay.sweep where false;

select 1 / count(*) from carrierpay.sweep;

-- granted to no other role than the owner
select 1 / count(*) from pg_class
 where oid = 'carrierpay.sweep'::regclass and relacl is null
   and pg_get_userbyid(relowner) = 'carrierpay_owner';

-- for payment_claim only
select 1 / count(*) from pg_proc
 where oid = 'carrierpay.payment_sweep(bigint)'::regprocedure
   and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and not has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

rollback;
