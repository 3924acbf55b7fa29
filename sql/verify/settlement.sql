-- Verify carrierpay:settlement on pg

begin;

select id, party_id, terms_id, number, first, next, from_at, until_at, closed,
       net, reserve, reserve_until
  from carrierpay.settlement where false;
select settlement_id, line, kind, category, operator, name, payments, gross,
       share, tax, fee, net
  from carrierpay.settlement_line where false;
select settlement_id, amount, state, paid, reference, returned, reason
  from carrierpay.remittance where false;

-- granted to no other role than the owner
select 1 / (count(*) / 3) from pg_class
 where oid in ('carrierpay.settlement'::regclass,
               'carrierpay.settlement_line'::regclass,
               'carrierpay.remittance'::regclass)
   and relacl is null and pg_get_userbyid(relowner) = 'carrierpay_owner';

select 1 / (count(*) / 4) from pg_trigger
 where tgrelid in ('carrierpay.settlement'::regclass,
                   'carrierpay.settlement_line'::regclass,
                   'carrierpay.remittance'::regclass)
   and tgenabled = 'A';

-- for the roles that may read the tables
select 1 / (count(*) / 2) from pg_proc
 where oid in ('carrierpay.settlement_next(int)'::regprocedure,
               'carrierpay.settlement_open()'::regprocedure)
   and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and not has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

rollback;
