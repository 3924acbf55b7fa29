-- Verify carrierpay:recon_judge on pg

begin;

-- for the owner only
select 1 / (count(*) = 5)::int from pg_proc
 where pronamespace = 'carrierpay'::regnamespace
   and proname in ('recon_again', 'recon_charge', 'recon_refund',
                   'recon_chargeback', 'recon_judge')
   and not has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('carrierpay_recon', oid, 'execute');

rollback;
