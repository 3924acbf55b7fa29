-- Verify carrierpay:merchant on pg

begin;

select id, name, locale, created, category, support, terms_url, colour, logo,
       frames
  from carrierpay.merchant where false;

select hash, merchant_id, live, created, disabled_at
  from carrierpay.api_key where false;

select id, merchant_id, live, url, secret, enabled, created
  from carrierpay.endpoint where false;

-- granted to no other role than the owner
select 1 / count(*) from pg_class
 where oid = 'carrierpay.merchant'::regclass and relacl is null
   and pg_get_userbyid(relowner) = 'carrierpay_owner';
select 1 / count(*) from pg_class
 where oid = 'carrierpay.api_key'::regclass and relacl is null
   and pg_get_userbyid(relowner) = 'carrierpay_owner';
select 1 / count(*) from pg_class
 where oid = 'carrierpay.endpoint'::regclass and relacl is null
   and pg_get_userbyid(relowner) = 'carrierpay_owner';

rollback;
