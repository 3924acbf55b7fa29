-- Verify carrierpay:pin_issue on pg

begin;

-- this signature, run as the owner, for the service only
select 1 / count(*) from pg_proc
 where oid =
   'carrierpay.pin_issue(bigint, int, bool, bigint, text, text, bytea, '
    'bytea, bigint, text, bytea, bool, bytea, bool, bigint, bigint)'
   ::regprocedure
   and prosecdef and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and proconfig @> array['search_path=carrierpay, pg_temp']
   and has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

-- this signature, run as the owner, for the service only
select 1 / count(*) from pg_proc
 where oid =
   'carrierpay.pin_last(bigint, int, bool)'::regprocedure
   and prosecdef and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and proconfig @> array['search_path=carrierpay, pg_temp']
   and has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

rollback;
