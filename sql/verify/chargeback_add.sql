-- Verify carrierpay:chargeback_add on pg

begin;

-- not for the service
select 1 / (count(*) = 3)::int from pg_proc
 where oid in ('carrierpay.chargeback_add(bigint, bigint, "char", text, text,
                                          text, date)'::regprocedure,
               'carrierpay.chargeback_reverse(bigint, int,
                                              text)'::regprocedure,
               'carrierpay.chargeback_hold(carrierpay.payment,
                                           smallint)'::regprocedure)
   and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and proconfig @> array['search_path=carrierpay, pg_temp']
   and not has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

rollback;
