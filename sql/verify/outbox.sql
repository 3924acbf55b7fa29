-- Verify carrierpay:outbox on pg

begin;

select due_at, payment_id, token, endpoint_id, attempts, seq
  from carrierpay.outbox where false;

select payment_id, endpoint_id, attempts, seq, died_at
  from carrierpay.outbox_dead where false;

-- granted to no other role than the owner
select 1 / count(*) from pg_class
 where oid = 'carrierpay.outbox'::regclass and relacl is null
   and pg_get_userbyid(relowner) = 'carrierpay_owner';
select 1 / count(*) from pg_class
 where oid = 'carrierpay.outbox_dead'::regclass and relacl is null
   and pg_get_userbyid(relowner) = 'carrierpay_owner';

rollback;
