-- Verify carrierpay:payment_view on pg

begin;

select id, merchant_id, merchant_name, live, amount, currency, description,
       reference, return_url, metadata, state, outcome_unknown, failure_code,
       operator, operator_name, pseudonym_id, msisdn, attempt, created,
       expires, locale, email, approval, pin, category, share, tax, fee
  from carrierpay.payment_view where false;

select id, fee, support, terms_url, colour, logo, frames
  from carrierpay.page_view where false;

-- granted to no other role than the owner
select 1 / (count(*) / 2) from pg_class
 where oid in ('carrierpay.payment_view'::regclass,
               'carrierpay.page_view'::regclass) and relacl is null
   and pg_get_userbyid(relowner) = 'carrierpay_owner';

-- this signature, run as the owner, for the service only
select 1 / count(*) from pg_proc
 where oid =
   'carrierpay.payment_get(int, bool, bigint)'::regprocedure
   and prosecdef and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and proconfig @> array['search_path=carrierpay, pg_temp']
   and has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

-- this signature, run as the owner, for the service only
select 1 / count(*) from pg_proc
 where oid =
   'carrierpay.payment_page(bigint[])'::regprocedure
   and prosecdef and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and proconfig @> array['search_path=carrierpay, pg_temp']
   and has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

rollback;
