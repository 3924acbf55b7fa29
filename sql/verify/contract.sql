-- Verify carrierpay:contract on pg

begin;

select id, code
  from carrierpay.account where false;

select id, merchant_id, operator, live, currency, valid_from, valid_to,
       operator_share_bp, fee_bp, fee_fixed, tiers, refund_way,
       chargeback_bearer, non_payment_bearer, chargeback_fee,
       receivable_account,
       share_account, tax_account, revenue_account, payable_account
  from carrierpay.contract where false;

select contract_id, from_volume, share_bp, fee_bp, fee_fixed
  from carrierpay.contract_tier where false;

-- granted to no other role than the owner
select 1 / count(*) from pg_class
 where oid = 'carrierpay.contract_tier'::regclass and relacl is null
   and pg_get_userbyid(relowner) = 'carrierpay_owner';
select 1 / count(*) from pg_class
 where oid = 'carrierpay.account'::regclass and relacl is null
   and pg_get_userbyid(relowner) = 'carrierpay_owner';
select 1 / count(*) from pg_class
 where oid = 'carrierpay.contract'::regclass and relacl is null
   and pg_get_userbyid(relowner) = 'carrierpay_owner';

select 1 / count(*) from pg_constraint
 where conrelid = 'carrierpay.contract'::regclass and contype = 'x';
select 1 / count(*) from pg_constraint
 where conrelid = 'carrierpay.contract'::regclass and contype = 'c'
   and conname = 'contract_yields';

select 1 / (count(*) = 2)::int from pg_trigger
 where tgrelid = 'carrierpay.contract'::regclass and tgenabled = 'A'
   and tgname in ('contract_terms', 'contract_refuse');

rollback;
