-- Verify carrierpay:posting on pg

begin;

select id, at, merchant_id, contract_id, settlement_id, kind, live, currency,
       reference, reason, accounts, amounts
  from carrierpay.posting where false;

select payment_id, operation, posting_id, leg, account_id, account, currency,
       amount, at, contract_id
  from carrierpay.entry where false;

select account_id, account, currency, amount, entries
  from carrierpay.balance where false;

-- granted to no other role than the owner
select 1 / (count(*) / 3) from pg_class
 where oid in ('carrierpay.posting'::regclass, 'carrierpay.entry'::regclass,
               'carrierpay.balance'::regclass)
   and relacl is null and pg_get_userbyid(relowner) = 'carrierpay_owner';

select 1 / count(*) from pg_trigger
 where tgrelid = 'carrierpay.posting'::regclass and tgenabled = 'A'
   and tgname = 'posting_refuse';

-- for the functions of the ledger alone
select 1 / (count(*) / 3) from pg_proc
 where oid in ('carrierpay.posting_account(int, bool, text)'::regprocedure,
               'carrierpay.posting_add("char", int, bool, text, int[],
                                       bigint[], int, int, text,
                                       text)'::regprocedure,
               'carrierpay.posting_leg(int[], bigint[], int)'::regprocedure)
   and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and not has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

rollback;
