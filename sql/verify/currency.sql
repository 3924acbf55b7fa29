-- Verify carrierpay:currency on pg

begin;

select 1 / (count(*) = 4)::int from carrierpay.currency
 where (code, exponent) in (('EUR', 2), ('XAF', 0), ('TND', 3), ('CLF', 4));

-- granted to no other role than the owner
select 1 / count(*) from pg_class
 where oid = 'carrierpay.currency'::regclass and relacl is null
   and pg_get_userbyid(relowner) = 'carrierpay_owner';

rollback;
