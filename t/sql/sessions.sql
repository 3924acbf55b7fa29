-- Several sessions at once.  They must commit to see each other, so this file
-- works through connections of its own and clears up after itself; nothing
-- succeeds here, because a journal could not be cleared up; consents could
-- not either, so their guard is put aside for that.

\set QUIET on
set client_min_messages = warning;
set search_path = carrierpay, public, pg_temp;

create function pg_temp.connect(name text) returns void
language plpgsql
as $$
begin
    perform dblink_connect(name, format('host=%s port=%s dbname=%s user=%s',
        split_part(current_setting('unix_socket_directories'), ',', 1),
        current_setting('port'), current_database(), session_user));
    perform dblink_exec(name, 'set search_path = carrierpay; set jit = off;'
        ' set plan_cache_mode = force_generic_plan;'
        ' set lock_timeout = ''10s''');
end
$$;

-- The sweep: a step is not taken while a transaction runs that wrote before
-- the step was chosen, even if younger ones have ended since.  That of this
-- file would be one, so this comes before it begins.

create extension if not exists dblink with schema public;
select pg_temp.connect('a'), pg_temp.connect('b'),
       id_first(now_ms() - 90000) as swept \gset

create function pg_temp.insert_text(id bigint, state text) returns text
language sql
as $$
select format('insert into payment (id, amount, expires, merchant_id, events,'
       ' live, state, category, currency) values (%s, 1, 4000000000000, 92,'
       ' 1, false, %L, ''d'', ''EUR'')', id, state);
$$;

create function pg_temp.sweep(most int) returns bool
language plpgsql
as $$
begin
    for turn in 1 .. most loop
        perform * from dblink('b', 'select count(payment_sweep(now_ms()))')
                         as s (n int);
        if (select mark > id_first(now_ms() - 80000) from sweep) then
            return true;
        end if;
        perform pg_sleep(0.01);
    end loop;
    return false;
end
$$;

select dblink_exec('b', 'update sweep set mark = '
                        || id_first(now_ms() - 100000)),
       dblink_exec('b', pg_temp.insert_text(:swept - 1, 'x')),
       dblink_exec('a', 'begin'),
       dblink_exec('a', pg_temp.insert_text(:swept, 'p')) \gset ignore_
select pg_temp.sweep(1) \gset ignore_
select next is not null as sweep_chosen from sweep \gset
select pg_temp.sweep(20) as sweep_during \gset
select dblink_exec('a', 'commit') \gset ignore_
select pg_temp.sweep(1000) as sweep_after \gset
select string_agg(format('%s %s', payment_id - :swept, due_at), ', ')
           as sweep_due
  from payment_due \gset
select dblink_exec('a', 'delete from payment_due where payment_id = '
                        || :swept),
       dblink_exec('a', 'alter table payment disable trigger payment_refuse;'
                        ' delete from payment where merchant_id = 92;'
                        ' alter table payment enable always trigger'
                        ' payment_refuse;'
                        ' update sweep set mark = 0, next = null,'
                        ' horizon = null'),
       dblink_disconnect('a'), dblink_disconnect('b') \gset ignore_
drop extension dblink;

begin;
create extension if not exists pgtap with schema public;
create extension if not exists dblink with schema public;
set local search_path = carrierpay, public, pg_temp;

select * from no_plan();

select is(:'sweep_chosen'::bool, true, 'a step is chosen');
select is(:'sweep_during'::bool, false,
          'and not taken while a transaction that was there writes');
select is(:'sweep_after'::bool, true, 'it is when that one has ended');
select is(:'sweep_due'::text, '0 4000000000000',
          'and finds what it has written');

-- Sends one query to two sessions at once; errors come back as words.
create function pg_temp.both(query_a text, query_b text)
returns table (session text, ord int, result text)
language plpgsql
as $$
begin
    perform dblink_send_query('a', query_a), dblink_send_query('b', query_b);
    foreach session in array array['a', 'b'] loop
        begin
            for ord, result in select * from dblink_get_result(session)
                                     as r (ord int, result text) loop
                return next;
            end loop;
        exception when others then
            ord := 0;
            result := sqlerrm;
            return next;
        end;
        -- the end of the answer
        perform * from dblink_get_result(session) as r (ord int, result text);
    end loop;
end
$$;

create function pg_temp.create_text(first_id int, keys int[]) returns text
language sql
as $$
select format('select ord, result from payment_create(%L, %L, %L, %L, %L, %L,'
       ' %L, %L, %L, %L, %L, %L, %L, %L, %L)',
       array_agg(first_id + n), array_agg(91), array_agg(false),
       array_agg(md5('session ' || key)), array_agg(md5('request')::uuid),
       array_agg(499), array_agg('EUR'::text), array_agg('Coins'::text),
       array_agg(null::text), array_agg(null::text), array_agg('{}'::text),
       array_agg(null::text), array_agg(4000000000000::bigint),
       array_agg('fr'::text), array_agg(null::bytea))
  from unnest(keys) with ordinality k (key, n);
$$;

select pg_temp.connect('a'), pg_temp.connect('b') \gset ignore_

select dblink_exec('a', $$
insert into merchant (id, name) values (91, 'Sessions');
insert into operator values ('sessions', 'Sessions', 'ZZ', 'EUR', true);
insert into endpoint (id, merchant_id, live, url, secret)
values (91, 91, false, 'http://127.0.0.1', '\x01');
insert into vat_rate (country, category, valid_from, bp)
values ('ZZ', 'd', 0, 0);
do 'begin perform contract_add(91, ''sessions'', 0, null, 0, 0, 0); end';
$$) \gset ignore_

-- the same keys in opposite orders, sent at once, many times

create temp table created as
select i, c.* from generate_series(1, 20) i,
       lateral pg_temp.both(
           pg_temp.create_text(i * 1000, array(
               select i * 100 + k from generate_series(1, 60) k)),
           pg_temp.create_text(i * 1000 + 500, array(
               select i * 100 + 61 - k from generate_series(1, 60) k))) c;
select is(array_agg(distinct result order by result),
          array['pending', 'replay'], 'no deadlock, no error') from created;
select is(count(*)::int, 20 * 60, 'each key is stored by one of them')
  from created where result = 'pending';
select is(count(*)::int, 20 * 60, 'and once') from payment
 where merchant_id = 91;

-- one begins, the other waits and then knows

create function pg_temp.begin_text(ids bigint[], attempt bigint,
    word text default 'sessions', line int default null) returns text
language sql
as $$
select format('select ord, result from payment_begin(%L, %L, %L, %L, %L, %L,'
       ' %L, %L, %L, %L, %L, %L, %L, %L, %L, %L)', array_agg(id),
       array_agg(attempt + id), array_agg(word),
       array_agg(attempt + id),
       array_agg(sha256(('session' || coalesce(line, id % 7))::bytea)),
       array_agg('\xbb'::bytea), array_agg(attempt + id),
       array_agg('test'::text), array_agg('mvno'::text),
       array_agg(4000::bigint), array_agg('fr'::text),
       array_agg('\xcc'::bytea), array_agg('{}'::text),
       array_agg('192.0.2.1'::text), array_agg('Agent'::text),
       array_agg(null::bigint))
  from unnest(ids) id;
$$;

create temp table ids as
select array_agg(id order by id) as up, array_agg(id order by id desc) as down
  from payment where merchant_id = 91;
create temp table begun as
select b.* from ids, lateral pg_temp.both(pg_temp.begin_text(up, 1000000),
                                          pg_temp.begin_text(down, 2000000)) b;
insert into begun
select 'b', b.* from ids, lateral dblink('b', pg_temp.begin_text(up, 3000000))
       as b (ord int, result text);
select is_empty('select * from begun where result not in (''already'','
    ' ''busy'', ''processing'')', 'begin: no deadlock, no error');
select is(count(*)::int, 20 * 60, 'each is charged by one of them')
  from begun where result = 'processing';
select is(count(*)::int, 7, 'seven numbers, seven subscribers')
  from subscriber where operator = 'sessions';
select is(count(*)::int, 7, 'and pseudonyms') from pseudonym
 where merchant_id = 91;

-- both finish

create function pg_temp.finish_text(ids bigint[], code text) returns text
language sql
as $$
select format('select ord, result from payment_finish(%L, %L, %L, %L, %L,'
       ' %L, %L)', ids, array_agg('failed'::text), array_agg(code),
       array_agg(code), array_agg(null::bigint), array_agg(null::bigint),
       array_agg((select max(c.id) from consent c
                   where c.payment_id = i.id) order by i.ord))
  from unnest(ids) with ordinality i (id, ord);
$$;

create temp table finished as
select f.* from ids, lateral pg_temp.both(
    pg_temp.finish_text(up[1:600], 'code_a'),
    pg_temp.finish_text(down[601:1200], 'code_b')) f;
insert into finished
select 'b', f.* from ids, lateral dblink('b',
    pg_temp.finish_text(up[1:600], 'code_b')) as f (ord int, result text);
select is_empty('select * from finished where result not in (''already'','
    ' ''applied'', ''busy'')', 'finish: no deadlock, no error');
select is(count(*)::int, 600, 'each is finished by one of them')
  from finished where result = 'applied';
select is_empty('select p.id from payment p join attempt a'
    ' on a.payment_id = p.id where p.merchant_id = 91'
    ' and (p.state <> ''p'' or a.failure_code is distinct from'
    ' a.operator_reference or a.number <> 1 or p.events <> 2)',
    'with all that one said, and nothing of the other');
select is(count(*)::int, 600, 'as an attempt that was declined')
  from attempt a join payment p on p.id = a.payment_id
 where p.merchant_id = 91;
select is(count(*)::int, 600, 'owed once') from outbox
 where endpoint_id = 91;

-- A payment that another session holds is not waited for, and neither are its
-- neighbours in a batch: a worker would stand still, or two of them would wait
-- for each other.

select count(*) from dblink('a', pg_temp.create_text(70000,
           array(select 30000 + i from generate_series(1, 8) i)))
       as c (ord int, result text) \gset ignore_
select dblink_exec('a', 'update payment set expires = now_ms() - 1'
                        ' where id in (70007, 70008)') \gset ignore_
select count(*) from dblink('b', pg_temp.begin_text(
           array[70001, 70002], 5000000)) as b (ord int, result text)
       \gset ignore_
select dblink_exec('a', 'begin') \gset ignore_
select count(*) from dblink('a', 'select id from payment where id in'
           ' (70001, 70003, 70005, 70007) for update') as l (id bigint)
       \gset ignore_

create function pg_temp.results(query text) returns text
language sql
as $$
select string_agg(result, ' ' order by ord)
  from dblink('b', query) as r (ord int, result text);
$$;

select is(pg_temp.results('select ord, result from payment_finish('
    '''{70001,70002,70002}'', ''{unknown,approval,unknown}'','
    ' ''{null,null,null}'', ''{null,null,null}'','
    ' ''{null,null,null}'', ''{null,null,null}'','
    ' ''{5070001,5070002,5070002}'')'),
    'busy applied already', 'unknown outcomes');
select is(pg_temp.results(pg_temp.finish_text(array[70001, 70002], 'code')),
          'busy applied', 'outcomes');
select is(pg_temp.results(pg_temp.finish_text(array[70001, 79999], 'code')),
          'busy not_found', 'beside a payment that does not exist');
select is(pg_temp.results(pg_temp.begin_text(array[70003, 70004], 6000000)),
          'busy processing', 'begins');
select is(pg_temp.results('select ord, result from payment_cancel('
    '''{70005,70006}'')'), 'busy canceled', 'cancels');
select is(pg_temp.results('select ord, result from payment_expire('
    '''{70007,70008}'')'), 'busy expired', 'expiries');
select is(count(*)::int, 0, 'no incident is made of it') from incident
 where payment_id between 70001 and 70008;
select dblink_exec('a', 'commit') \gset ignore_
select is(pg_temp.results(pg_temp.finish_text(array[70001], 'code')),
          'applied', 'when it is free, it is told again');

-- until so many of our sessions wait for a lock, or ten seconds are over
create function pg_temp.waiting(sessions int) returns bool
language plpgsql
as $$
begin
    for turn in 1 .. 1000 loop
        if sessions <= (select count(*) from pg_locks where not granted) then
            return true;
        end if;
        perform pg_sleep(0.01);
    end loop;
    return false;
end
$$;

-- A line is locked by what begins and by what blocks it, so that what has
-- looked before the block was there has begun before it is said to be.

create function pg_temp.results_of(session text, query text) returns text
language sql
as $$
select string_agg(result, ' ' order by ord)
  from dblink(session, query) as r (ord int, result text);
$$;

create function pg_temp.block_text(number text) returns text
language sql
as $$
select format('select block_add(encode(sha256(%L), ''hex''), null, ''test'','
              ' false)', 'session' || number);
$$;

select count(*) from dblink('a', pg_temp.create_text(71000,
           array(select 31000 + i from generate_series(1, 8) i)))
       as c (ord int, result text) \gset ignore_
select dblink_exec('a', 'begin') \gset ignore_
select is(pg_temp.results_of('a', pg_temp.begin_text(array[71001], 5000000,
          line => 8)), 'processing', 'a payment begins');
select dblink_send_query('b', pg_temp.block_text('8')) \gset ignore_
select ok(pg_temp.waiting(1), 'a block of its line waits');
select dblink_exec('a', 'commit') \gset ignore_
select is(r, true, 'until the payment has begun')
  from dblink_get_result('b') as r (r bool);
select count(*) from dblink_get_result('b') as r (r bool) \gset ignore_
select is(pg_temp.results_of('a', pg_temp.begin_text(array[71002], 5000000,
          line => 8)), 'blocked_by_subscriber', 'and another one does not');

select dblink_exec('b', 'begin') \gset ignore_
select count(*) from dblink('b', pg_temp.block_text('9')) as r (r bool)
       \gset ignore_
select is(pg_temp.results_of('a', pg_temp.begin_text(array[71003], 5000000,
          line => 9)), 'busy', 'a payment does not begin beside a block');
select dblink_exec('b', 'commit') \gset ignore_
select is(pg_temp.results_of('a', pg_temp.begin_text(array[71003], 5000000,
          line => 9)), 'blocked_by_subscriber', 'and is blocked after it');

-- a charge without a page waits

select dblink_exec('a', 'update pseudonym set known_since = 0,'
    ' consent_id = 1, later_max = 900, currency = ''EUR'''
    ' where id = (select pseudonym_id from payment'
    ' where id = 71001)') \gset ignore_
select dblink_exec('b', 'begin') \gset ignore_
select count(*) from dblink('b', 'select spend_hold(''{1}'','
       ' array[sha256(''session8'')], ''{f}'', true)') as r (r text)
       \gset ignore_
select dblink_send_query('a', format('select ord, result from payment_create('
       '''{71009}'', ''{91}'', ''{f}'', ''{%s}'', ''{%s}'', ''{499}'','
       ' ''{EUR}'', ''{Coins}'', ''{null}'', ''{null}'', ''{null}'','
       ' ''{%s}'', ''{4000000000000}'', ''{null}'', ''{null}'')',
       md5('session charge')::uuid, md5('')::uuid, pseudonym_id))
  from payment where id = 71001 \gset ignore_
select ok(pg_temp.waiting(1), 'a charge waits for its line');
select dblink_exec('b', 'commit') \gset ignore_
select is(result, 'blocked_by_subscriber', 'and knows what was said meanwhile')
  from dblink_get_result('a') as r (ord int, result text);
select count(*) from dblink_get_result('a') as r (ord int, result text)
       \gset ignore_

-- claims step over each other

select dblink_exec('a', 'update payment_due set due_at = 1000 + payment_id'
                        ' where payment_id in (select id from payment'
                        ' where merchant_id = 91 and state = ''r'')')
       \gset ignore_
select count(dblink_exec(s, 'begin')) from unnest(array['a', 'b']) s
       \gset ignore_
create temp table claims as
select s.*, c.* from (values ('a', 1), ('b', 2)) s (session, token),
       lateral dblink(session, format('select id from payment_claim(200,'
           ' 60000, %s)', token)) as c (id bigint);
select is(count(distinct id)::int, 400, 'two claims, no payment in both')
  from claims;
select is(count(*)::int, 200, 'an endpoint gets half of a claim')
  from dblink('a', 'select payment_id from outbox_claim(400, 60000, 1)')
       as c (id bigint);
select dblink_send_query('b', 'select payment_id from'
                              ' outbox_claim(400, 60000, 2)') \gset ignore_
select ok(pg_temp.waiting(1), 'another claim waits for its turn');
select dblink_exec('a', 'commit') \gset ignore_
select is(count(*)::int, 0, 'and counts what the first has leased')
  from dblink_get_result('b') as c (id bigint);
select count(*) from dblink_get_result('b') as c (id bigint) \gset ignore_
select dblink_exec('b', 'commit') \gset ignore_
select is_empty('select * from claims c join payment_due d on'
    ' d.payment_id = c.id where d.token <> c.token or d.attempts <> 1',
    'each lease has its holder');

-- a claim while a finish holds some of the rows: it does not wait

select dblink_exec('a', 'update payment_due set due_at = 1 where token > 0'),
       dblink_exec('a', 'begin') \gset ignore_
create temp table free as
select payment_id from payment_due where due_at <= now_ms()
   and payment_id not in (select id from claims where session = 'a');
select count(*) from dblink('a', (select pg_temp.finish_text(array_agg(id),
           'late') from claims where session = 'a'))
       as f (ord int, result text) \gset late_
select set_eq('select id from dblink(''b'', ''select id from'
    ' payment_claim(1000, 60000, 3)'') as c (id bigint)',
    'select payment_id from free', 'what is being finished is stepped over');
select dblink_exec('a', 'commit') \gset ignore_

-- PINs: many guesses at once, in as many transactions

create function pg_temp.in_ten(queries text[]) returns setof text
language plpgsql
as $$
declare
    v_result text;
begin
    for i in 1 .. 10 loop
        perform dblink_send_query('s' || i, queries[i]);
    end loop;
    for i in 1 .. 10 loop
        begin
            for v_result in select * from dblink_get_result('s' || i)
                                     as r (result text) loop
                return next v_result;
            end loop;
        exception when others then
            return next sqlerrm;
        end;
        perform * from dblink_get_result('s' || i) as r (result text);
    end loop;
end
$$;

create function pg_temp.issue_text(id bigint, number text,
    nth int default 1) returns text
language sql
as $$
select format('select result from pin_issue(%s, 91, false, %s, ''sessions'','
       ' null, sha256(%L), ''\xbb'', %s, null, ''\x50'', false, null,'
       ' false)', id,
       500000 + id + 1000 * nth, number, 600000 + id + 1000 * nth);
$$;

select count(pg_temp.connect('s' || i)) from generate_series(1, 10) i
       \gset ignore_

-- a block of payments from 90000 on of which none has begun
select count(*) from dblink('a', pg_temp.create_text(90000,
           array(select 50000 + i from generate_series(1, 30) i)))
       as c (ord int, result text) \gset ignore_

select is(r, 'issued', 'a PIN') from dblink('a', pg_temp.issue_text(90001,
       'one')) as i (r text);
create temp table guesses as
select t.result from generate_series(0, 9) turn,
       lateral pg_temp.in_ten(array(
           select format('select result from pin_attempt(90001, null, null,'
                         ' null, %s, null, null, false)',
                         700000 + 10 * turn + i)
             from generate_series(1, 10) i)) t (result);
select results_eq('select result, count(*)::int from guesses group by 1'
    ' order by 1', $$values ('exhausted', 95), ('go', 5)$$,
    'of a hundred guesses five are compared');
select is(count(*)::int, 5, 'and five are counted') from pin_failure
 where payment_id = 90001;

-- of one number by many payments

select is(count(*)::int, 20, 'twenty PINs of one number')
  from generate_series(90011, 90030) p,
       lateral dblink('a', pg_temp.issue_text(p, 'two')) as i (r text)
 where i.r = 'issued';
create temp table spread as
select t.result from generate_series(0, 9) turn,
       lateral pg_temp.in_ten(array(
           select format('select result from pin_attempt(%s, null, null, null,'
                         ' %s, null, null, false)', 90010 + 2 * i - turn % 2,
                         800000 + 10 * turn + i)
             from generate_series(1, 10) i)) t (result);
select results_eq('select result, count(*)::int from spread group by 1'
    ' order by 1', $$values ('go', 10), ('locked', 90)$$,
    'of a hundred guesses ten are compared');

-- right PINs, whose attempts are taken back meanwhile, cause no deadlock

select is(r, 'issued', 'a PIN') from dblink('a', pg_temp.issue_text(90002,
       'three')) as i (r text);
create temp table mixed as
select t.result from generate_series(0, 9) turn,
       lateral pg_temp.in_ten(array(
           select case when i % 2 = 1 then
               format('select result from pin_attempt(90002, null, null, null,'
                      ' %s, null, null, false)', 900000 + 10 * turn + i)
           else
               format('select b.result from (%s) b (ord, result)',
                      replace(pg_temp.begin_text(array[90002],
                                                 9000000 + 10 * turn + i,
                                                 'none'),
                              '{NULL}', format('{%s}',
                                               900000 + 10 * turn - 9)))
           end from generate_series(1, 10) i)) t (result);
select is_empty('select * from mixed where result not in (''busy'','
    ' ''exhausted'', ''go'', ''no_contract'')', 'no deadlock');
select is(count(*)::int, 5, 'five go') from mixed where result = 'go';

-- Another PIN is asked for while one is tried: whichever session comes first,
-- both end.

select is(r, 'issued', 'a PIN') from dblink('a', pg_temp.issue_text(90003,
       'four')) as i (r text);
select dblink_exec('a', 'update pin set sent_at = sent_at - 60000'
                        ' where payment_id = 90003'),
       dblink_exec('s3', 'begin') \gset ignore_
select count(*) from dblink('s3', 'select attempts_left'
       ' from pin_attempts_left(sha256(''four''), false, null, false,'
       ' 0)')
       as f (n int) \gset ignore_
select dblink_send_query('s1', pg_temp.issue_text(90003, 'four', 2))
       \gset ignore_
select ok(pg_temp.waiting(1), 'one asks for another PIN');
select dblink_send_query('s2', 'select result from pin_attempt(90003, null,'
                               ' null, null, 990000, null, null, false)')
       \gset ignore_
select ok(pg_temp.waiting(2), 'one guesses');
select dblink_exec('s3', 'commit') \gset ignore_
select is((select r from dblink_get_result('s1', false) as i (r text)),
          'issued', 'no deadlock');
select is((select r from dblink_get_result('s2', false) as i (r text)),
          'go', 'for neither');

select count(dblink_disconnect('s' || i)) from generate_series(1, 10) i
       \gset ignore_

-- messages: two claims at once

select dblink_exec('a', 'update message_due set due_at = 1'
                        ' where message_id > 690000'),
       dblink_exec('a', 'begin'), dblink_exec('b', 'begin') \gset ignore_
create temp table sent as
select s.*, c.* from (values ('a', 1), ('b', 2)) s (session, token),
       lateral dblink(session, format('select id from message_claim(10,'
           ' 60000, %s)', token)) as c (id bigint);
select dblink_exec('a', 'commit'), dblink_exec('b', 'commit') \gset ignore_
select is(count(distinct id)::int, 20, 'no message in both') from sent;
select is_empty('select * from sent s join message_due d on'
    ' d.message_id = s.id where d.token <> s.token or d.attempts <> 1',
    'each lease has its holder');

-- gone again

select dblink_exec('a', $$
alter table consent disable trigger consent_refuse;
delete from consent where merchant_id = 91;
alter table consent enable always trigger consent_refuse;
delete from pin_failure where payment_id between 90001 and 90030;
delete from pin where payment_id between 90001 and 90030;
delete from message_due where message_id > 690000;
delete from message where id > 690000;
delete from outbox where endpoint_id = 91;
update sweep set mark = 0, next = null, horizon = null;
alter table event disable trigger event_refuse;
delete from event where payment_id in (select id from payment
                                        where merchant_id = 91);
alter table event enable always trigger event_refuse;
delete from payment_due where payment_id in (select id from payment
                                              where merchant_id = 91);
delete from idem where payment_id in (select id from payment
                                       where merchant_id = 91);
alter table payment disable trigger payment_refuse;
delete from payment where merchant_id = 91;
alter table payment enable always trigger payment_refuse;
delete from pseudonym where merchant_id = 91;
delete from spend where currency = 'EUR' or blocked;
delete from block where source = 'test';
delete from subscriber where operator = 'sessions';
alter table contract disable trigger contract_refuse;
delete from contract where merchant_id = 91;
alter table contract enable always trigger contract_refuse;
delete from account where code ~ 'sessions|tax:ZZ|merchant:91:';
delete from endpoint where merchant_id = 91;
delete from operator where code = 'sessions';
alter table vat_rate disable trigger vat_rate_refuse;
delete from vat_rate where country = 'ZZ';
alter table vat_rate enable always trigger vat_rate_refuse;
delete from merchant where id = 91;
$$) \gset ignore_

select dblink_disconnect('a'), dblink_disconnect('b') \gset ignore_
select * from finish();
rollback;
