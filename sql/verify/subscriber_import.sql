-- Verify carrierpay:subscriber_import on pg

begin;

-- this signature, run as the owner, not for the service
select 1 / count(*) from pg_proc
 where oid =
   ('carrierpay.subscriber_import(int, bool, text, bigint[], bigint[], '
    || 'text[], text[], bigint[])')::regprocedure
   and prosecdef and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and proconfig @> array['search_path=carrierpay, pg_temp']
   and not has_function_privilege('carrierpay', oid, 'execute');

rollback;
