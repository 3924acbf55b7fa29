-- Verify carrierpay:remittance on pg

begin;

-- for the roles that may write the tables
select 1 / (count(*) / 3) from pg_proc
 where oid in ('carrierpay.remittance_paid(int, text, date)'::regprocedure,
               'carrierpay.remittance_returned(int, text,
                                               date)'::regprocedure,
               'carrierpay.adjustment_add(int, bool, text, bigint, text,
                                          text)'::regprocedure)
   and pg_get_userbyid(proowner) = 'carrierpay_owner' and not prosecdef
   and proconfig @> array['search_path=carrierpay, pg_temp']
   and not has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

rollback;
