-- Verify carrierpay:last_sender on pg

begin;

select recipient_index, merchant_id, live, message_id, before_id
  from carrierpay.last_sender where false;

-- granted to no other role than the owner
select 1 / count(*) from pg_class
 where oid = 'carrierpay.last_sender'::regclass and relacl is null
   and pg_get_userbyid(relowner) = 'carrierpay_owner';

-- for the owner only
select 1 / count(*) from pg_proc
 where oid = 'carrierpay.last_sender_note(bigint[], bigint[], int[], bytea[])'
   ::regprocedure
   and not prosecdef and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and not has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

rollback;
