-- Queues beside a transaction that stays open, and what a session remembers
-- of them.  The growth shows in committed rows only, so the first part works
-- through connections of its own and clears up after itself.

\set QUIET on
set client_min_messages = warning;
create extension if not exists dblink with schema public;
\ir lib/fixture.sql

select * from no_plan();

create function pg_temp.connect(name text) returns void
language plpgsql
as $$
begin
    perform dblink_connect(name, format('host=%s port=%s dbname=%s user=%s',
        split_part(current_setting('unix_socket_directories'), ',', 1),
        current_setting('port'), current_database(), session_user));
    perform dblink_exec(name, 'set search_path = carrierpay; set jit = off;'
        ' set plan_cache_mode = force_generic_plan;');
end
$$;

-- Rows are queued, claimed and done, a few at a time, each in a transaction
-- of its own, as workers do it.  Returns, in pairs, how many rows came through
-- a queue and how many blocks that took, for the second half of the run.
create function pg_temp.worker() returns text
language sql
as $outer$
select $do$
create temp table work (queue text, rows int default 0, hits bigint default 0);
insert into work values ('webhooks'), ('messages');

create function pg_temp.blocks() returns bigint language sql as $$
select sum(pg_stat_get_xact_blocks_fetched(oid))::bigint from pg_class
 where relnamespace = 'carrierpay'::regnamespace and relkind in ('r', 'i');
$$;

create procedure pg_temp.work(rounds int, batch int) language plpgsql as $$
declare
    c       record;
    v_first bigint;
    v_id    bigint[];
begin
    insert into merchant (id, name) values (92, 'Queues');
    insert into endpoint (id, merchant_id, live, url, secret)
    select 9200 + i, 92, false, 'http://127.0.0.1/' || i, '\x05'
      from generate_series(1, 4) i;
    commit;

    for i in 1 .. rounds loop
        v_first := 92000000 + i * batch;

        insert into payment (id, amount, expires, attempt, ended, merchant_id,
                             events, live, state, category, currency)
        select v_first + n, 499, 0, v_first + n, 0, 92, 1, false, 's', 'd',
               'EUR'
          from generate_series(1, batch) n;
        insert into outbox (due_at, payment_id, endpoint_id, seq)
        select now_ms(), v_first + n, 9201 + n % 4, 1
          from generate_series(1, batch) n;
        perform message_add(v_first + n, 's', 'pin', 60000, null, null,
                            'demo_fr', 'fr', null, '\xbb', null)
           from generate_series(1, batch) n;
        commit;

        v_first := pg_temp.blocks();
        select array_agg(payment_id) as id, array_agg(seq) as seq,
               array_agg(endpoint_id) as endpoint
          into c from outbox_claim(2 * batch, 60000, 92);
        commit;
        perform outbox_done(c.id, c.seq, c.endpoint,
                            array_fill(92::bigint, array[batch]),
                            array_fill(true, array[batch]),
                            array_fill(0, array[batch]));
        commit;
        update work set rows = rows + cardinality(c.id),
                        hits = hits + pg_temp.blocks() - v_first
         where queue = 'webhooks' and i > rounds / 2;

        v_first := pg_temp.blocks();
        v_id := array(select id from message_claim(2 * batch, 60000, 92));
        commit;
        perform message_done(v_id, array_fill(92::bigint, array[batch]),
            array_fill('accepted'::text, array[batch]),
            array_fill('kannel'::text, array[batch]),
            array_fill(null::text, array[batch]),
            array_fill(1, array[batch]),
            array_fill(null::bigint, array[batch]),
            array_fill(null::text, array[batch]));
        commit;
        update work set rows = rows + cardinality(v_id),
                        hits = hits + pg_temp.blocks() - v_first
         where queue = 'messages' and i > rounds / 2;
    end loop;
end
$$;
$do$
$outer$;

select count(pg_temp.connect(s)) from unnest(array['old', 'worker']) s
       \gset ignore_
select dblink_exec('worker', pg_temp.worker()),
       dblink_exec('old', 'begin isolation level repeatable read'),
       (select n from dblink('old', 'select count(*) from outbox')
                 as o (n bigint)),
       dblink_exec('worker', 'call pg_temp.work(600, 32)') \gset ignore_

create temp table work as
select * from dblink('worker', 'select * from work')
              as w (queue text, rows int, hits bigint);
select is(rows, 300 * 32, queue || ': all came through') from work;
select cmp_ok(hits::numeric / rows, '<=', 30.0,
              queue || ': blocks a row beside an open transaction')
  from work;

select dblink_exec('old', 'commit'), dblink_exec('worker', $$
delete from outbox where endpoint_id between 9201 and 9204;
delete from endpoint where merchant_id = 92;
delete from merchant where id = 92;
delete from message where id between 92000000 and 92999999;
alter table payment disable trigger payment_refuse;
delete from payment where id between 92000000 and 92999999;
alter table payment enable always trigger payment_refuse;
$$) \gset ignore_
select count(dblink_disconnect(s)) from unnest(array['old', 'worker']) s
       \gset ignore_

-- what a session remembers of a queue: look in any order, and not for ever

select is(queue_from('x', 100000), 0::bigint, 'first from the front');
select queue_read('x', 0, 100000, 100000) \gset ignore_
select is(queue_from('x', now), "from", format('then, at %s', now))
  from (values (100100::bigint, 99800::bigint), (101001, 90000),
               (160001, 0), (99999, 0)) v (now, "from");
select queue_read('x', 99800, 100500, 100400) \gset ignore_
select is(queue_from('x', 100600), 100200::bigint, 'it goes on');
select queue_read('x', 90400, 101500, 101450) \gset ignore_
select is(queue_from('x', 102000), 101250::bigint, 'it has looked back');
select is(queue_from('x', 102501), 91450::bigint, 'and does it again');
select is(queue_from('x', 160001), 0::bigint, 'and from the front');
savepoint failed;
select queue_read('x', 101250, 102400, 102300) \gset ignore_
rollback to failed;
select is(queue_from('x', 102000), 101250::bigint,
          'what was rolled back was not read');
select is(queue_from('y', 102000), 0::bigint, 'a queue has its own');

-- deliveries that commit late, and those of an endpoint that was disabled

insert into payment (id, amount, expires, attempt, ended, merchant_id, events,
                     live, state, category, currency)
select i, 499, 0, i, 0, 1, 1, false, 's', 'd', 'EUR'
  from generate_series(1, 100) i;

-- the session has read all queues from the front and looked back just now
create function pg_temp.has_read() returns void
language sql
as $$
select set_config('carrierpay.queue_' || q,
                  array[now_ms(), now_ms(), now_ms()]::text, false)
  from unnest(array['outbox', 'message']) q;
$$;

create function pg_temp.claimed(most int default 100) returns bigint[]
language sql
as $$
select array_agg(payment_id order by payment_id)
  from outbox_claim(most, 60000, 77);
$$;

select is(pg_temp.claimed(), null, 'nothing is owed');
select pg_temp.has_read() \gset ignore_
insert into outbox (due_at, payment_id, seq, endpoint_id)
values (now_ms() - 9000, 1, 1, 1), (now_ms() - 15000, 2, 1, 2),
       (now_ms(), 3, 1, 1), (now_ms() - 100, 4, 1, 2);
select is(pg_temp.claimed(), '{3,4}', 'what has just fallen due is seen');
select set_config('carrierpay.queue_outbox',
                  array[now_ms() - 1001, now_ms() - 1001, now_ms()]::text,
                  false) \gset ignore_
select is(pg_temp.claimed(), '{1}', 'a late one after a second');
select set_config('carrierpay.queue_outbox',
                  array[now_ms() - 60001, now_ms(), now_ms()]::text, false)
       \gset ignore_
select is(pg_temp.claimed(), '{2}', 'a very late one after a minute');

-- a backlog is remembered beyond that, by its endpoint

delete from outbox;
insert into outbox (due_at, payment_id, seq, endpoint_id)
select now_ms() - 30000 + i, i, 1, 1 from generate_series(1, 10) i;
insert into outbox (due_at, payment_id, seq, endpoint_id)
select now_ms() - 30000 + i, i, 1, 2 from generate_series(11, 12) i;
reset carrierpay.queue_outbox;
select is(pg_temp.claimed(8), '{1,2,3,4,11,12}', 'a share');
select pg_temp.has_read() \gset ignore_
select is(pg_temp.claimed(8), null, 'not more');
select count(*) from outbox_done('{1,2}', '{1,1}', '{1,1}', '{77,77}',
                                 '{t,t}', '{0,0}') \gset ignore_
select is(pg_temp.claimed(8), '{5,6}', 'the backlog goes on');
select count(*) from outbox_done('{3,4,5,6,11}', '{1,1,1,1,1}',
    '{1,1,1,1,2}', '{77,77,77,77,77}', '{t,t,t,t,t}', '{0,0,0,0,0}')
       \gset ignore_
insert into outbox (due_at, payment_id, seq, endpoint_id)
values (now_ms(), 20, 1, 1), (now_ms(), 21, 1, 2);
select is(pg_temp.claimed(8), '{7,8,9,10,21}',
          'before what falls due meanwhile, beside other endpoints');
select count(*) from outbox_done('{7}', '{1}', '{1}', '{77}', '{t}', '{0}')
       \gset ignore_
select is(pg_temp.claimed(8), '{20}', 'which comes then');

-- messages

select is((select array_agg(id) from message_claim(10, 60000, 78)), null,
          'no message is due');
select pg_temp.has_read() \gset ignore_
do $$
begin
    perform message_add(i, 's', 'pin', 60000, null, null, 'demo_fr', 'fr',
                        null, '\xbb', null)
       from generate_series(1, 5) i;
    update message_due set due_at = now_ms() - 9000 where message_id = 1;
    update message_due set due_at = now_ms() - 100 + message_id
     where message_id > 1;
end
$$;
select is((select array_agg(id) from message_claim(2, 60000, 78)), '{2,3}',
          'those that have just fallen due');
select is((select array_agg(id) from message_claim(2, 60000, 78)), '{4,5}',
          'and the next');
select set_config('carrierpay.queue_message',
                  array[now_ms() - 1001, now_ms() - 1001, now_ms()]::text,
                  false) \gset ignore_
select is((select array_agg(id) from message_claim(2, 60000, 78)), '{1}',
          'a late one after a second');

select * from finish();
rollback;
