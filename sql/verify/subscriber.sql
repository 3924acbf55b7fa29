-- Verify carrierpay:subscriber on pg

begin;

select id, msisdn_index, live, msisdn, operator, mvno
  from carrierpay.subscriber where false;

select id, merchant_id, subscriber_id, live, known_since, consent_id,
       later_max, currency, renewed
  from carrierpay.pseudonym where false;

-- granted to no other role than the owner
select 1 / count(*) from pg_class
 where oid = 'carrierpay.subscriber'::regclass and relacl is null
   and pg_get_userbyid(relowner) = 'carrierpay_owner';
select 1 / count(*) from pg_class
 where oid = 'carrierpay.pseudonym'::regclass and relacl is null
   and pg_get_userbyid(relowner) = 'carrierpay_owner';

-- for payment_shopper and subscriber_import only
select 1 / count(*) from pg_proc
 where oid = 'carrierpay.subscriber_forget(bigint[])'::regprocedure
   and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and not has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

rollback;
