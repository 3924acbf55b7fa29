-- Verify carrierpay:cell on pg

begin;

select one, number, cells from carrierpay.cell where false;

-- granted to no other role than the owner
select 1 / count(*) from pg_class
 where oid = 'carrierpay.cell'::regclass and relacl is null
   and pg_get_userbyid(relowner) = 'carrierpay_owner';

select 1 / (count(*) = 2)::int from pg_trigger
 where tgrelid = 'carrierpay.cell'::regclass and not tgisinternal
   and tgenabled = 'A';

-- 2026-11-21T12:00:00Z, worker 5, the second of its millisecond, cell 3
select 1 / (carrierpay.id_cell(((1795262400000 - 1735689600000) << 22)
                               + (5 << 12) + (1 << 5) + 3) = 3)::int;

-- for the owner only
select 1 / count(*) from pg_proc
 where oid = 'carrierpay.cell_check(int, int, int)'::regprocedure
   and proconfig @> array['search_path=carrierpay, pg_temp']
   and not has_function_privilege('carrierpay', oid, 'execute')
   and not has_function_privilege('public', oid, 'execute');

rollback;
