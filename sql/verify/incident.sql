-- Verify carrierpay:incident on pg

begin;

select id, at, kind, payment_id, operator, recorded, recorded_reference,
       said, code, reference, resolved_at, owner
  from carrierpay.incident where false;

-- granted to no other role than the owner
select 1 / count(*) from pg_class
 where oid = 'carrierpay.incident'::regclass and relacl is null
   and pg_get_userbyid(relowner) = 'carrierpay_owner';

select 1 / (count(*) = 2)::int from pg_trigger
 where tgrelid = 'carrierpay.incident'::regclass and tgenabled = 'A'
   and tgname in ('incident_fixed', 'incident_refuse');

rollback;
