-- Verify carrierpay:event_view on pg

begin;

select payment_id, seq, type, at, id, state from carrierpay.event_view
 where false;

-- granted to no other role than the owner
select 1 / count(*) from pg_class
 where oid = 'carrierpay.event_view'::regclass and relacl is null
   and pg_get_userbyid(relowner) = 'carrierpay_owner';

-- this signature, run as the owner, for the service only
select 1 / count(*) from pg_proc
 where oid = 'carrierpay.payment_first(bigint)'::regprocedure
   and prosecdef and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and proconfig @> array['search_path=carrierpay, pg_temp']
   and has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

rollback;
