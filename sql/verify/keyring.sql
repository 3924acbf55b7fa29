-- Verify carrierpay:keyring on pg

begin;

select name, id, probe, created from carrierpay.keyring_probe where false;

-- granted to no other role than the owner
select 1 / count(*) from pg_class
 where oid = 'carrierpay.keyring_probe'::regclass and relacl is null
   and pg_get_userbyid(relowner) = 'carrierpay_owner';

-- for the owner only
select 1 / count(*) from pg_proc
 where oid =
   'carrierpay.keyring_check(text)'::regprocedure
   and prosecdef and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and proconfig @> array['search_path=carrierpay, pg_temp']
   and not has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

rollback;
