-- Verify carrierpay:block on pg

begin;

select msisdn_index, merchant_id, live, at, source
  from carrierpay.block where false;

-- granted to no other role than the owner
select 1 / count(*) from pg_class
 where oid = 'carrierpay.block'::regclass and relacl is null
   and pg_get_userbyid(relowner) = 'carrierpay_owner';

select 1 / (count(*) / 2) from pg_proc
 where oid in ('carrierpay.block_add(text, int, text, bool)'::regprocedure,
               'carrierpay.block_remove(text, int)'::regprocedure)
   and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and proconfig @> array['search_path=carrierpay, pg_temp']
   and not has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

rollback;
