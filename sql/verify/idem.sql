-- Verify carrierpay:idem on pg

begin;

select key, request, payment_id, period from carrierpay.idem where false;

-- granted to no other role than the owner
select 1 / count(*) from pg_class
 where oid = 'carrierpay.idem'::regclass and relacl is null
   and pg_get_userbyid(relowner) = 'carrierpay_owner';

rollback;
