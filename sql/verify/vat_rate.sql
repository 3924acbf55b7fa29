-- Verify carrierpay:vat_rate on pg

begin;

select id, country, category, valid_from, bp, added
  from carrierpay.vat_rate where false;

-- granted to no other role than the owner
select 1 / count(*) from pg_class
 where oid = 'carrierpay.vat_rate'::regclass and relacl is null
   and pg_get_userbyid(relowner) = 'carrierpay_owner';

select 1 / count(*) from pg_trigger
 where tgrelid = 'carrierpay.vat_rate'::regclass and tgenabled = 'A'
   and tgname = 'vat_rate_refuse';

rollback;
