-- Verify carrierpay:pin on pg

begin;

select payment_id, pin_id, sent_at, sends, tries, operator, mvno, locale,
       msisdn_index, msisdn
  from carrierpay.pin where false;

select id, at, payment_id, msisdn_index, visitor, block, proved
  from carrierpay.pin_failure where false;

-- granted to no other role than the owner
select 1 / (count(*) / 2) from pg_class
 where oid in ('carrierpay.pin'::regclass, 'carrierpay.pin_failure'::regclass)
   and relacl is null
   and pg_get_userbyid(relowner) = 'carrierpay_owner';

select 1 / ((carrierpay.pin_limits()).tries = 5)::int;

rollback;
