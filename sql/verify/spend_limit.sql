-- Verify carrierpay:spend_limit on pg

begin;

select operator, merchant_id, apart, time_zone, max_payment, max_day, max_week,
       max_month, restores, until
  from carrierpay.spend_limit where false;

-- granted to no other role than the owner
select 1 / count(*) from pg_class
 where oid = 'carrierpay.spend_limit'::regclass and relacl is null
   and pg_get_userbyid(relowner) = 'carrierpay_owner';

select 1 / (count(*) / 7) from pg_proc
 where oid in ('carrierpay.spend_configure(text, bigint)'::regprocedure,
               'carrierpay.spend_differing(bigint)'::regprocedure,
               'carrierpay.spend_restores(text)'::regprocedure,
               'carrierpay.spend_limit_set(int, text, bigint, bigint, bigint,
                   bigint)'::regprocedure,
               'carrierpay.spend_most(text)'::regprocedure,
               'carrierpay.spend_most_own(int, text)'::regprocedure,
               'carrierpay.spend_caps(text[], bigint)'::regprocedure)
   and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and not has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

rollback;
