-- Partitions: made ahead, like their tables, dropped when they are over.

\ir lib/fixture.sql

select * from no_plan();

-- made ahead

select set_eq('select name from partitioned',
    $$select relname from pg_class where relkind = 'p'
         and relnamespace = 'carrierpay'::regnamespace$$,
    'every partitioned table is tended');
select is_empty('select name from partitioned left join partition using (name)'
    ' group by name, days having coalesce(max(until), 0)'
    ' < now_ms() + least(28, 14 * days) * 86400000::bigint',
    'each has partitions for four weeks, or fourteen days');
select is_empty('select * from (select *, lag(high) over (partition by name'
    ' order by high) as before from partition) p'
    ' where low is distinct from before',
    'the first has no lower bound, and no other leaves a gap');

create temp table before as select * from partition;
select is(partition_ahead(), 14, 'for so many days there are');
select is(partition_tend(), 14, 'a worker does the same');
select set_eq('select * from partition', 'select * from before',
              'what is there is not made again, nor dropped');

create function pg_temp.extend(name text, days int) returns void
language sql
as $$
select partition_extend(t, now_ms() + $2 * 86400000::bigint)
  from partitioned t where t.name = $1;
$$;

select count(pg_temp.extend(name, 7 * 56)) from partitioned \gset ignore_
select cmp_ok(count(*)::int, '>=', 15, 'a year later') from partition
 where name = 'payment';
select is_empty($$select * from partition join partitioned using (name)
                   where high - low <> case when by_period then 1
                         else days * 86400000::bigint << 22 end$$,
                'each is as long as its table says');

update partitioned set days = 7 where name = 'payment';
select pg_temp.extend('payment', 7 * 70) \gset ignore_
update partitioned set days = 28 where name = 'payment';
select pg_temp.extend('payment', 7 * 80) \gset ignore_
select results_eq($$select (high - low >> 22) / 86400000 as days
                      from partition
                     where name = 'payment' and low is not null
                     group by 1 having count(*) > 5$$,
                  'values (7::bigint), (28)',
                  'another length holds from the next one on');
select is(max(high) % (28 * 86400000::bigint << 22), 0::bigint,
          'and the ends stay where they were') from partition
 where name = 'payment';

-- like their tables

select is(string_agg(distinct array_to_string(reloptions, ' '), ', '),
          'fillfactor=45', 'payments leave room for their updates')
  from pg_class where oid in (select partition from partition
                               where name = 'payment');
select is_empty($$select p.partition, tgname from partition p
        join pg_trigger on tgrelid = p.name::regclass and not tgisinternal
      except select p.partition, tgname from partition p
        join pg_trigger on tgrelid = p.partition
         and tgenabled = 'A'$$, 'each has the triggers of its table');
select is_empty('select partition from partition p'
    ' join pg_index on indrelid = p.name::regclass'
    ' group by p.name, partition having count(*) <>'
    ' (select count(*) from pg_index where indrelid = partition)',
    'and its indexes');

-- the guards hold for a statement that names a partition

select pg_temp.charge_of('{1,2}') \gset ignore_
select count(*) from pg_temp.finish(1, 'succeeded') \gset ignore_
create temp table first as
select name, partition from partition where low is null;

select throws_ok(replace(q.query, '%I', f.partition::text), '23001', null,
                 'refused: ' || replace(q.query, '%I', f.name || '_...'))
  from (values ('payment', 'update %I set state = ''f'' where id = 1'),
               ('payment', 'update %I set amount = 1 where id = 2'),
               ('payment', 'update %I set fee = 1 where id = 1'),
               ('payment', 'delete from %I'), ('payment', 'truncate %I'),
               ('journal', 'update %I set at = 1'),
               ('journal', 'delete from %I'), ('journal', 'truncate %I'),
               ('consent', 'update %I set at = 1'),
               ('consent', 'delete from %I'), ('consent', 'truncate %I'),
               ('event', 'update %I set at = 1'),
               ('event', 'delete from %I'), ('event', 'truncate %I'))
       q (name, query)
  join first f using (name);

-- a batch about the change of the partition

create temp table edge as
select n, min(high) + n as id
  from partition, generate_series(-3, 2) n
 where name = 'payment' and until > now_ms() group by n;
insert into op (id, key, pseudonym)
select id, 'edge ' || n, case when n in (-2, 1) then 200 end
  from edge order by n;
select is(string_agg(result, ' ' order by ord),
          'pending processing pending pending processing pending',
          'a batch of two partitions is created') from pg_temp.create_ops();
select is(count(distinct tableoid)::int, 2, 'in two partitions')
  from payment where id in (select id from edge);
select is(string_agg(b.result, ' ' order by b.ord),
          'processing already processing processing already processing',
          'begins')
  from (select array_agg(id order by n) as ids,
               array_agg(id + 10 order by n) as attempts,
               array_agg('demo_fr'::text) as operators,
               array_agg(500 + n order by n)::bigint[] as subscribers,
               array_agg(sha256(n::text::bytea) order by n) as indexes,
               array_agg(600 + n order by n)::bigint[] as pseudonyms
          from edge) e,
       pg_temp.begin_all(e.ids, e.attempts, e.operators, e.subscribers,
                         e.indexes, e.pseudonyms) b;
select is(string_agg(f.result, ' '),
          'applied applied applied applied applied applied', 'and ends')
  from (select array_agg(id order by n) as ids from edge) e,
       pg_temp.finish_all(e.ids, array(select 'succeeded' from edge),
           array(select null::text from edge),
           array(select null::text from edge)) f;
select is(count(distinct j.tableoid)::int, 2, 'with journals in two, too')
  from journal j join edge on j.payment_id = edge.id;
select is(count(*)::int, 4, 'and consents') from consent
 where payment_id in (select id from edge);

-- a row of a time that has no partition is not taken

insert into op (id, key)
values (id_first(now_ms() + 3650 * 86400000::bigint), 'in ten years');
select throws_ok('select * from pg_temp.create_ops()', '23514', null,
                 'a payment of a time without partitions');

-- dropped when they are over

create table probe (id bigint primary key) partition by range (id);
insert into partitioned (name, days, keep_days) values ('probe', 7, 30);
select pg_temp.extend('probe', -100) \gset ignore_
select partition_ahead() \gset ignore_
insert into probe
select id_first(now_ms() - d * 86400000::bigint)
  from unnest(array[99, 60, 46, 29, 0]) d;
create temp table over as
select partition::text, high from partition
 where name = 'probe' and until <= now_ms() - 30 * 86400000::bigint;
select cmp_ok(count(*)::int, '>=', 5, 'some are over') from over;
select results_eq('select * from partition_drop()',
                  'select partition from over order by high',
                  'these are dropped');
select is(count(to_regclass(partition))::int, 0, 'and gone') from over;
select is(count(*)::int, 2, 'with their rows, and no others') from probe;
select is_empty('select * from partition_drop()', 'once');

-- what cannot be dropped, or made, is in the way of nothing else

update partitioned set keep_days = 2 where name = 'probe';
create temp table over_now as
select partition::text, row_number() over (order by high) as n from partition
 where name = 'probe' and until <= now_ms() - 2 * 86400000::bigint;
select cmp_ok(count(*)::int, '>=', 2, 'some more are over') from over_now;
do $$
begin
    execute format('create view probe_view as select * from %s',
                   (select partition from over_now where n = 1));
end
$$;
select set_eq('select * from partition_drop()',
              'select partition from over_now where n > 1',
              'all but the one that a view names are dropped');
select lives_ok('select partition_tend()', 'a worker goes on beside it');
drop view probe_view;
select set_eq('select * from partition_drop()',
              'select partition from over_now where n = 1', 'then it goes');

create table made (id bigint primary key) partition by range (id);
create table made_next (id bigint primary key) partition by range (id);
insert into partitioned (name, days) values ('made', 7);
select pg_temp.extend('made', 0) \gset ignore_
do $$
declare
    v_partition text;
begin
    for v_partition in select partition from partition where name = 'made' loop
        execute format('alter table made detach partition %s', v_partition);
    end loop;
end
$$;
insert into partitioned (name, days) values ('made_next', 7);
select lives_ok('select partition_ahead()', 'a table has a partition''s name');
select results_eq('select name from partition where name in (''made'','
    ' ''made_next'') group by 1', $$values ('made_next')$$,
    'the others have theirs');
select is(partition_ahead(), 0, 'and it is told for how many days there are');

-- as long as the payments

select is_empty('select * from partition_drop()', 'payments are kept');
update partitioned set keep_days = 400 where name = 'payment';
select is_empty('select * from partition_drop()', 'for 400 days at least');
select throws_ok('update partitioned set keep_days = 399'
                 ' where name = ''payment''', '23514', null,
                 'not for less');
insert into partitioned (name, days) values ('kept', 7);
create table kept (id bigint primary key) partition by range (id);
select pg_temp.extend('kept', -500) \gset ignore_
select partition_ahead() \gset ignore_
select cmp_ok(count(*)::int, '>=', 10,
              'what has no days of its own is kept as payments are')
  from partition_drop() p where p like '%kept_%';
select is(count(*)::int, 0, 'and no shorter') from partition
 where name = 'kept' and until <= now_ms() - 400 * 86400000::bigint;
update partitioned set keep_days = null where name = 'payment';
select is_empty('select * from partition_drop()', 'or for ever');

select throws_ok('update partitioned set keep_days = 29'
                 ' where name = ''idem''', '23514', null,
                 'a key counts for thirty days');

select * from finish();
rollback;
