-- Verify carrierpay:chargeback_count on pg

begin;

-- for the functions of the ledger only
select 1 / (count(*) = 5)::int from pg_proc
 where oid in ('carrierpay.chargeback_count(bigint, smallint)'::regprocedure,
               'carrierpay.chargeback_legs(carrierpay.payment, bigint,
                                           bigint)'::regprocedure,
               'carrierpay.chargeback_post(carrierpay.payment,
                   carrierpay.contract, carrierpay.chargeback, int,
                   bigint)'::regprocedure,
               'carrierpay.payment_left(carrierpay.payment,
                                        bool)'::regprocedure,
               'carrierpay.chargeback_resume(bigint)'::regprocedure)
   and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and not has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

rollback;
