-- Verify carrierpay:message on pg

begin;

select id, at, deadline, payment_id, reported_at, price, merchant_id, parts,
       state, channel, kind, locale, operator, provider, reference, code,
       currency, recipient_index, recipient, body
  from carrierpay.message where false;

select message_id, due_at, token, attempts, lost
  from carrierpay.message_due where false;

select id, at, payment_id, merchant_id, provider, provider_id, action,
       receiver, sender_index, sender, body
  from carrierpay.mo where false;

-- granted to no other role than the owner
select 1 / (count(*) / 3) from pg_class
 where oid in ('carrierpay.message'::regclass,
               'carrierpay.message_due'::regclass,
               'carrierpay.mo'::regclass) and relacl is null
   and pg_get_userbyid(relowner) = 'carrierpay_owner';

select 1 / (carrierpay.message_state('d') = 'delivered')::int;

rollback;
