-- Verify carrierpay:recon_match on pg

begin;

-- run as the owner, for reconciliation only
select 1 / (count(*) = 2)::int from pg_proc
 where pronamespace = 'carrierpay'::regnamespace
   and proname in ('recon_begin', 'recon_match')
   and prosecdef and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and proconfig @> array['search_path=carrierpay, pg_temp']
   and has_function_privilege('carrierpay_recon', oid, 'execute')
   and not has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

-- for the owner only
select 1 / (count(*) = 4)::int from pg_proc
 where pronamespace = 'carrierpay'::regnamespace
   and proname in ('recon_translate', 'recon_chargebacks', 'recon_pair',
                   'recon_compare')
   and not has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('carrierpay_recon', oid, 'execute');

rollback;
