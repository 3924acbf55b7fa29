-- Verify carrierpay:cdr_file on pg

begin;

select id, operator, direction, seq, low, high, at, author, name, rows, agrees,
       template_id, sha256
  from carrierpay.cdr_file where false;

-- for the owner only
select 1 / (count(*) = 2)::int from pg_proc
 where pronamespace = 'carrierpay'::regnamespace
   and proname in ('journal_open', 'cdr_posted')
   and not has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('carrierpay_recon', oid, 'execute');

rollback;
