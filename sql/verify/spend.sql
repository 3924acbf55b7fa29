-- Verify carrierpay:spend on pg

begin;

select day_total, week_total, month_total, day, moved, merchant_id, live,
       unasked, blocked, msisdn_index, currency, max_payment, max_day,
       max_week, max_month
  from carrierpay.spend where false;

-- granted to no other role than the owner
select 1 / count(*) from pg_class
 where oid = 'carrierpay.spend'::regclass and relacl is null
   and pg_get_userbyid(relowner) = 'carrierpay_owner';

select 1 / (count(*) / 4) from pg_proc
 where oid in ('carrierpay.spend_open(bytea, bool, bool)'::regprocedure,
               'carrierpay.spend_hold(int[], bytea[], bool[],
                    bool)'::regprocedure,
               'carrierpay.spend_back(bytea[], bool[], int[], bool[], bool[],
                    text[], date[], bigint[])'::regprocedure,
               'carrierpay.spend_own(text, bool, bigint, bigint, bigint,
                    bigint)'::regprocedure)
   and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and not has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

rollback;
