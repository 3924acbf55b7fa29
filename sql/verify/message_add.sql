-- Verify carrierpay:message_add on pg

begin;

-- this signature, for the owner's functions only
select 1 / count(*) from pg_proc
 where oid =
   'carrierpay.message_add(bigint, "char", text, int, bigint, int, '
    'text, text, bytea, bytea, bytea)'::regprocedure
   and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and proconfig @> array['search_path=carrierpay, pg_temp']
   and not has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

rollback;
