-- Verify carrierpay:total on pg

begin;

select scope, name, currency, live, max_day, max_month, since, until
  from carrierpay.total_limit where false;
select total, period, session, scope, live, monthly, currency, name
  from carrierpay.total where false;

-- granted to no other role than the owner
select 1 / count(*) from pg_class
 where oid = 'carrierpay.total_limit'::regclass and relacl is null
   and pg_get_userbyid(relowner) = 'carrierpay_owner';
select 1 / count(*) from pg_class
 where oid = 'carrierpay.total'::regclass and relacl is null
   and pg_get_userbyid(relowner) = 'carrierpay_owner';

-- one for the service, the others not
select 1 / count(*) from pg_proc
 where oid = 'carrierpay.total_watch()'::regprocedure and prosecdef
   and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');
select 1 / (count(*) / 4) from pg_proc
 where oid in ('carrierpay.total_configure(text, bigint)'::regprocedure,
               'carrierpay.total_set(int, text, bool, bigint,
                                     bigint)'::regprocedure,
               'carrierpay.total_part(text, int, text, bool)'::regprocedure,
               'carrierpay.total_state()'::regprocedure)
   and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and not has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

rollback;
