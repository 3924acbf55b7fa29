-- Which of the databases of a ledger this is, and which workers it takes.

\ir lib/fixture.sql

select * from no_plan();

select is(id_cell(id_first(now_ms()) | (1023 << 12) | (127 << 5) | n), n,
          format('an identifier of cell %s', n))
  from unnest(array[0, 1, 31]) n;

delete from keyring_probe;

create function pg_temp.start(cell int, cells int, lines int default null)
returns text
language sql
as $$
select concat_ws(', ', 'number ' || (w.number >= 0)::text, w.difference,
                 w.cell)
  from worker_start('seal 1 ' || repeat('aa', 32), 'one', '[]', $1, $2,
                    coalesce($3, $2)) w;
$$;

select is(pg_temp.start(0, 1), 'number true', 'one database: cell 0 of 1');
select is(pg_temp.start(0, 2), 'cell 0 of 1',
          'a worker that thinks of two cells gets no number');
select is(pg_temp.start(1, 2), 'cell 0 of 1', 'nor one of another cell');

-- the database of another cell

delete from keyring_probe;
alter table cell disable trigger cell_refuse;
update cell set number = 1, cells = 3, lines = 3;
alter table cell enable always trigger cell_refuse;

select is(pg_temp.start(0, 1), 'cell 1 of 3', 'another cell says which it is');
select is(pg_temp.start(2, 3), 'cell 1 of 3', 'swapped: it says so, too');
select is((select count(*)::int from keyring_probe), 0,
          'and takes no keyring of such a worker');
select is(pg_temp.start(1, 3), 'number true', 'the right one gets a number');

-- it grows

select lives_ok('update cell set cells = 4', 'it becomes one of more');
select is(pg_temp.start(1, 3), 'number true',
          'workers that do not know yet are taken');
select is(pg_temp.start(1, 4, 3), 'number true', 'and those that know');
select is(pg_temp.start(1, 4), 'cell 1 of 4, of which 3 with lines',
          'but none that looks for lines elsewhere');
select throws_ok(s, '23001', null, 'and nothing else: ' || s)
  from unnest(array['update cell set cells = 3', 'update cell set lines = 4'])
       s;

-- what it is, is said before there are rows

select throws_ok(s, '23001', null, 'not once there are subscribers: ' || s)
  from unnest(array['update cell set number = 2', 'delete from cell',
                    'truncate cell']) s;
select throws_ok('insert into cell values (false, 0, 1, 1)',
                 '23514', null, 'there is one row');
select throws_ok(format('insert into cell values (true, %s, %s, 1)', n, c),
                 '23514', null, format('no cell is %s of %s', n, c))
  from (values (-1, 1), (1, 1), (3, 2), (0, 33)) v (n, c);

select * from finish();
rollback;
