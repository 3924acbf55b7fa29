-- Verify carrierpay:event on pg

begin;

select payment_id, at, seq, kind
  from carrierpay.event where false;

-- granted to no other role than the owner
select 1 / count(*) from pg_class
 where oid = 'carrierpay.event'::regclass and relacl is null
   and pg_get_userbyid(relowner) = 'carrierpay_owner';

select 1 / (carrierpay.event_name('s') = 'payment.succeeded')::int;

select 1 / count(*) from pg_trigger
 where tgrelid = 'carrierpay.event'::regclass
   and tgname = 'event_refuse' and tgenabled = 'A';

rollback;
