-- Verify carrierpay:spend_judge on pg

begin;

-- the planner can put it into other queries; the service cannot call it
select 1 / count(*) from pg_proc
 where oid = 'carrierpay.spend_judge(bytea, bool, int, text, bigint,
                  bigint, carrierpay.spend_cap)'::regprocedure
   and provolatile = 's' and not prosecdef and proconfig is null
   and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and not has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

select 1 / count(*) from pg_proc
 where oid = 'carrierpay.spend_reason(int)'::regprocedure
   and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and not has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

rollback;
