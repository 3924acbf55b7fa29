-- Verify carrierpay:partition on pg

begin;

select name, days, keep_days, by_period, storage
  from carrierpay.partitioned where false;

-- every partitioned table is tended, and has its partitions
select 1 / (count(*) = 0)::int
  from pg_class c
  full join carrierpay.partitioned t on t.name = c.relname
 where c.relkind = 'p' and c.relnamespace = 'carrierpay'::regnamespace
   and t.name is null or c.oid is null;
select 1 / (min(days) >= 7)::int
  from (select (max(until) - carrierpay.now_ms()) / 86400000 as days
          from carrierpay.partitioned
          left join carrierpay.partition using (name)
         group by name) p;

-- granted to no other role than the owner
select 1 / (count(*) / 2) from pg_class
 where oid in ('carrierpay.partitioned'::regclass,
               'carrierpay.partition'::regclass) and relacl is null
   and pg_get_userbyid(relowner) = 'carrierpay_owner';

-- this signature, run as the owner, for the service only
select 1 / count(*) from pg_proc
 where oid = 'carrierpay.partition_tend()'::regprocedure
   and prosecdef and pg_get_userbyid(proowner) = 'carrierpay_owner'
   and proconfig @> array['search_path=carrierpay, pg_temp']
   and has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

rollback;
