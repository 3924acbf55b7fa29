-- Verify carrierpay:total_exchange on pg

begin;

select cell, due_at from carrierpay.total_sent where false;

select 1 / (count(*) = 2)::int from pg_proc
 where oid in ('carrierpay.total_claim(int, int, bigint)'::regprocedure,
               'carrierpay.total_receive(int, text)'::regprocedure)
   and prosecdef and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and proconfig @> array['search_path=carrierpay, pg_temp']
   and has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

rollback;
