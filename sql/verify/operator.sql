-- Verify carrierpay:operator on pg

begin;

select code, name, country, currency, sandbox, live, refuses
  from carrierpay.operator where false;

-- granted to no other role than the owner
select 1 / count(*) from pg_class
 where oid = 'carrierpay.operator'::regclass and relacl is null
   and pg_get_userbyid(relowner) = 'carrierpay_owner';

rollback;
