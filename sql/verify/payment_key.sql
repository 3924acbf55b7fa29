-- Verify carrierpay:payment_key on pg

begin;

select 1 / count(*) from pg_proc
 where oid = 'carrierpay.payment_key(bigint, uuid, uuid)'::regprocedure
   and prosecdef and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and proconfig @> array['search_path=carrierpay, pg_temp']
   and has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

rollback;
