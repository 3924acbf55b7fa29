-- Verify carrierpay:recon_tell on pg

begin;

-- run as the owner, for reconciliation only
select 1 / (count(*) = 2)::int from pg_proc
 where pronamespace = 'carrierpay'::regnamespace
   and proname in ('recon_tell', 'recon_change')
   and prosecdef and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and proconfig @> array['search_path=carrierpay, pg_temp']
   and has_function_privilege('carrierpay_recon', oid, 'execute')
   and not has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

-- for the owner only
select 1 / (count(*) = 3)::int from pg_proc
 where pronamespace = 'carrierpay'::regnamespace
   and proname in ('recon_told', 'recon_tell_charges', 'recon_tell_refunds')
   and not has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('carrierpay_recon', oid, 'execute');

rollback;
