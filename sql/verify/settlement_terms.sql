-- Verify carrierpay:settlement_terms on pg

begin;

select id, merchant_id, operator, live, currency
  from carrierpay.settlement_party where false;
select id, party_id, valid_from, period, time_zone, minimum_fee, reserve_bp,
       reserve_days, commissions, added
  from carrierpay.settlement_terms where false;

-- granted to no other role than the owner
select 1 / (count(*) / 2) from pg_class
 where oid in ('carrierpay.settlement_party'::regclass,
               'carrierpay.settlement_terms'::regclass)
   and relacl is null and pg_get_userbyid(relowner) = 'carrierpay_owner';

select 1 / (count(*) / 2) from pg_trigger
 where tgrelid in ('carrierpay.settlement_party'::regclass,
                   'carrierpay.settlement_terms'::regclass)
   and tgenabled = 'A' and tgname = 'settlement_refuse';

-- for the roles that may write the tables
select 1 / (count(*) / 2) from pg_proc
 where oid in ('carrierpay.settlement_party_id(int, text, bool,
                                               text)'::regprocedure,
               'carrierpay.settlement_terms_add(int, text, bool, text, date,
                    "char", text, bigint, int, int,
                    carrierpay.commission[])'::regprocedure)
   and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and not has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

rollback;
