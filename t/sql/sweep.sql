-- payment_sweep: the payments that have not ended; and how long keys count.

\ir lib/fixture.sql

select * from no_plan();

-- An identifier as one that was made so many seconds ago.
create function pg_temp.ago(seconds bigint, n int) returns bigint
language sql
as $$ select id_first(now_ms() - 1000 * seconds) + n $$;

create temp table aged as
select n, pg_temp.ago(case when n < 10 then 70 else 0 end, n) as id
  from generate_series(1, 12) n;

create function pg_temp.due() returns table (n int, what text)
language sql
as $$
select a.n, case when d.due_at = p.expires then 'at its expiry'
                 when d.due_at <= now_ms() then 'now'
                 else 'later' end
  from payment_due d join aged a on a.id = d.payment_id
  join payment p on p.id = a.id
 order by 1;
$$;

-- What commits late has its row at once; the others as if they had come early.

insert into op (id, key, pseudonym)
select id, 'aged ' || n, case when n in (2, 3, 4, 11) then 200 end
  from aged order by n;
select count(*) from pg_temp.create_ops() \gset ignore_
select results_eq('select * from pg_temp.due()',
    $$values (1, 'at its expiry'), (2, 'later'), (3, 'later'), (4, 'later'),
             (5, 'at its expiry'), (6, 'at its expiry'), (7, 'at its expiry'),
             (8, 'at its expiry'), (9, 'at its expiry')$$,
    'a payment that is written late is due at once, a fresh one is not');
delete from payment_due;

select count(*) from pg_temp.finish((select id from aged where n = 3),
                                    'succeeded') \gset ignore_
select is(result, 'canceled', 'canceled')
  from payment_cancel(array[(select id from aged where n = 6)]);
select is(result, 'processing', 'begun')
  from pg_temp.begin_all(array[(select id from aged where n = 7)],
       array[pg_temp.ago(0, 50)], '{demo_fr}', '{301}',
       array[sha256('336s')], '{401}');

-- A step is chosen, and then taken.  The transaction of this test is one that
-- runs, so its own step waits; the horizon is moved for the rest.

select is_empty('select 1 from payment_claim(10, 60000, 77)',
                'the first claim chooses a step');
select ok(next between pg_temp.ago(62, 0) and pg_temp.ago(58, 0),
          'until a minute ago') from sweep;
select is_empty('select 1 from payment_claim(10, 60000, 77)',
                'which waits for the transactions that ran then');
select ok(next is not null, 'as long as they run') from sweep;

update sweep set horizon = '3';
update payment_due set due_at = due_at + 1 where due_at > now_ms();
select results_eq('select a.n from payment_claim(10, 60000, 77) c'
    ' join aged a using (id) order by 1', 'values (2), (4)',
    'then the charges without an outcome are recovered');
select results_eq('select * from pg_temp.due()',
    $$values (1, 'at its expiry'), (2, 'later'), (4, 'later'),
             (5, 'at its expiry'), (7, 'later'), (8, 'at its expiry'),
             (9, 'at its expiry')$$,
    'and those that wait are due when they expire; the young are left');
select results_eq('select mark between pg_temp.ago(62, 0) and'
    ' pg_temp.ago(58, 0), next, horizon is null from sweep',
    'values (true, null::bigint, true)', 'the step is over');
select is_empty('select 1 from payment_claim(10, 60000, 77)', 'once');

-- The sweep may have seen a payment that was just about to end.

update payment_due set due_at = 0
 where payment_id = (select id from aged where n = 2);
select count(*) from pg_temp.finish((select id from aged where n = 12),
                                    'unknown') \gset ignore_
insert into payment_due (payment_id, due_at)
select id, 0 from aged where n in (3, 6);
select results_eq('select a.n from payment_claim(10, 60000, 78) c'
    ' join aged a using (id)', 'values (2)', 'only what has not ended');
select is_empty('select 1 from pg_temp.due() where n in (3, 6)',
                'and the rows of the others are gone');

-- A key counts for 30 days, and for 60 at most.

create function pg_temp.days_ago(days int, n int) returns bigint
language sql
as $$ select pg_temp.ago(86400 * days, n) $$;

insert into op (id, key) select pg_temp.days_ago(d, 20), 'day ' || d
  from unnest(array[1, 15, 30, 61]) d;
select is(string_agg(result, ' '), 'pending pending pending pending',
          'payments of other days') from pg_temp.create_ops();
insert into op (id, key, request)
select pg_temp.ago(0, 30 + d), 'day ' || d, r
  from unnest(array[1, 15, 30, 61]) d, unnest(array['request', 'other']) r
 order by r desc, d;
select results_eq('select result from pg_temp.create_ops()',
    $$values ('replay'), ('replay'), ('replay'), ('pending'), ('mismatch'),
             ('mismatch'), ('mismatch'), ('mismatch')$$,
    'a key is known for 30 days, and after 60 it is new');

select * from finish();
rollback;
