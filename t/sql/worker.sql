-- The leases of a worker that has ended are released, and no others.

\ir lib/fixture.sql

select * from no_plan();

-- An identifier of a worker, some ms ago.
create function pg_temp.id_of(worker int, n int) returns bigint
language sql
as $$
select id_first(now_ms()) | (worker << 12) | n;
$$;

select is(id_worker(pg_temp.id_of(n, 4095)), n, format('worker %s', n))
  from unnest(array[0, 7, 1023]) n;

-- numbers are leased

create temp table lease as
select n, worker_take('process ' || n, 60000) as number
  from generate_series(1, 1024) n;
select is(count(distinct number)::int, 1024, 'each process has its own number')
  from lease where number between 0 and 1023;
select throws_ok('select worker_take(''another'', 60000)', '53000', null,
                 'one more gets none');

create function pg_temp.number_of(process text) returns int
language sql
as $$
select number from lease where n = split_part($1, ' ', 2)::int;
$$;

select is((worker_renew(pg_temp.number_of(p), p)).renewed, true,
          p || ' holds it')
  from unnest(array['process 1', 'process 1024']) p;
select ok(until between now_ms() + 55000 and now_ms() + 60000, 'for a minute')
  from worker_lease where process = 'process 1';
select is((worker_renew(pg_temp.number_of('process 1'),
                        'process 2')).renewed, false,
          'no other process does');
update worker_lease set until = now_ms() where process = 'process 7';
select is((worker_renew(pg_temp.number_of('process 7'),
                        'process 7')).renewed, false,
          'a lease that has run out is not renewed');
select is(worker_take('another', 60000), pg_temp.number_of('process 7'),
          'its number is the next one''s');
select is((worker_renew(pg_temp.number_of('process 7'),
                        'process 7')).renewed, false,
          'and is not given back');
update worker_lease set until = now_ms() - 1;
select is(count(distinct worker_take('round ' || n, 60000))::int, 1023,
          'numbers go round and round')
  from generate_series(1, 1023) n;
delete from worker_lease;

-- the workers that are there

create function pg_temp.others(number int) returns text
language sql
as $$
select coalesce(string_agg(w.number || ' ' || w.process, ', '), '')
  from worker_others($1) w;
$$;

insert into worker_lease (number, process, until)
values (7, 'seven', now_ms() + 60000);
select is(pg_temp.others(7), '', 'the first worker is alone');
insert into worker_lease (number, process, until)
values (8, 'another', now_ms() + 60000);
select is(pg_temp.others(8), '7 seven', 'the second sees the first');
select is(worker_release(8, 'eight'), -1,
          'a worker whose number is used again is not released');
select is(pg_temp.others(7), '8 another', 'and its number stays');

-- intents: of a page, without one, and one that another worker recovers

create temp table intent as
select n, w, pg_temp.id_of(w, n) as id, pg_temp.id_of(w, 100 + n) as attempt
  from (values (1, 7), (2, 7), (3, 8), (4, 8), (5, 7)) t (n, w);

insert into op (id, key, pseudonym)
select id, 'intent ' || n, 200 from intent where n in (1, 3);
insert into op (id, key) select id, 'intent ' || n from intent
 where n in (2, 4, 5);
select count(*) from pg_temp.create_ops() \gset ignore_
select is(result, 'processing', 'begun')
  from intent i
 cross join lateral pg_temp.begin_all(array[i.id], array[i.attempt],
     '{demo_fr}', array[100::bigint], array[sha256('33600000001')],
     array[200::bigint]) b
 where n in (2, 4);

create function pg_temp.due() returns table (n int, now bool)
language sql
as $$
select i.n, d.due_at <= now_ms() from payment_due d
  join intent i on i.id = d.payment_id order by i.n;
$$;

select results_eq('select * from pg_temp.due()',
    'values (2, false), (4, false)',
    'nothing is due yet, and what needs no page has no row');
select is(worker_release(7, 'seven'), 2, 'the intents of a worker that ended');
select results_eq('select * from pg_temp.due()',
    'values (1, true), (2, true), (4, false)',
    'are due, those of others are not, nor is a pending payment');
select is(worker_release(7, 'seven'), 0, 'once');
select is((select ended_at > now_ms() - 5000 from worker_lease
            where number = 7), true, 'the worker is known to have ended');

select is(count(*)::int, 2, 'another worker claims them')
  from payment_claim(10, 60000, pg_temp.id_of(8, 200));
select is(worker_release(7, 'seven'), 0,
          'what another worker has claimed is not released');
select is(worker_release(8, 'another'), 4,
          'leases of recovery are released like intents');

-- one whose outcome is unknown has a schedule, and no lease

select count(*) from pg_temp.begin_all(
    array(select id from intent where n = 5),
    array(select attempt from intent where n = 5), '{demo_fr}',
    array[100::bigint], array[sha256('33600000001')], array[200::bigint])
       \gset ignore_
select count(*) from pg_temp.finish((select id from intent where n = 5),
                                    'unknown') \gset ignore_
select is(worker_release(7, 'seven'), 0,
          'an unknown outcome is asked for by its schedule');

-- deliveries and messages

select count(*) from pg_temp.finish((select id from intent where n = 1),
                                    'succeeded', sms => 9001) \gset ignore_
select is(count(*)::int, 2, 'claimed: deliveries')
  from outbox_claim(10, 60000, pg_temp.id_of(7, 300));
select is(count(*)::int, 1, 'claimed: a message')
  from message_claim(10, 60000, pg_temp.id_of(7, 301));
select is(worker_release(8, 'another'), 0, 'they are not that worker''s');
select is(worker_release(7, 'seven'), 3, 'they are released, too');
select is(count(*)::int, 2, 'claimed by another worker: deliveries')
  from outbox_claim(10, 60000, pg_temp.id_of(9, 300));

-- for as long as the server may still run what it has sent

update worker_lease set ended_at = now_ms() - 11000 where number = 7;
select is(worker_release(7, 'seven'), 0, 'the last time');
select is(pg_temp.others(8), '', 'then it is forgotten');
select is(worker_release(7, 'seven'), -1, 'and not released again');

select * from finish();
rollback;
