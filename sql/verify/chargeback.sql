-- Verify carrierpay:chargeback on pg

begin;

select payment_id, reported, counted, amount, refunded, charged_back, fee,
       number, reverses, reason, bearer, operator, reference, day
  from carrierpay.chargeback where false;

select payment_id, number, reported, day, operator, reference, amount,
       currency, merchant_id, reason, bearer, fee, state, reversed
  from carrierpay.chargeback_view where false;

-- granted to no other role than the owner
select 1 / (count(*) = 2)::int from pg_class
 where oid in ('carrierpay.chargeback'::regclass,
               'carrierpay.chargeback_view'::regclass)
   and relacl is null and pg_get_userbyid(relowner) = 'carrierpay_owner';

select 1 / (carrierpay.chargeback_sum(0, true) = 0)::int;
select 1 / (carrierpay.operation_next(0) = 2)::int;

select 1 / (count(*) = 3)::int from pg_trigger
 where tgrelid = 'carrierpay.chargeback'::regclass and tgenabled = 'A'
   and tgname in ('chargeback_counted', 'chargeback_fixed',
                  'chargeback_refuse');

select 1 / (count(*) = 2)::int from pg_index
 where indexrelid in ('carrierpay.chargeback_reference'::regclass,
                      'carrierpay.posting_chargeback'::regclass)
   and indisunique;

rollback;
