-- Verify carrierpay:cdr_make on pg

begin;

select id, operator, added, every, columns, names, header, separator,
       decimal_sign, date_format, time_zone
  from carrierpay.cdr_template where false;

select file_id, part, digest from carrierpay.cdr_digest where false;

-- run as the owner, for reconciliation only
select 1 / (count(*) = 3)::int from pg_proc
 where pronamespace = 'carrierpay'::regnamespace
   and proname in ('cdr_next', 'cdr_rows', 'cdr_add')
   and prosecdef and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and proconfig @> array['search_path=carrierpay, pg_temp']
   and has_function_privilege('carrierpay_recon', oid, 'execute')
   and not has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

rollback;
