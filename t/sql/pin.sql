-- PINs: what is sent, how often one may be tried, and which merchant may ask.

\ir lib/fixture.sql

select * from no_plan();

create sequence pg_temp.ids start 5000;

create function pg_temp.issue(payment bigint, pin bigint default null,
    number text default '33600000009', merchant int default null,
    live bool default null, visitor text default null,
    proved bool default false)
returns table (result text, wait_ms bigint, sends_left int)
language sql
as $$
select result, wait_ms, sends_left
  from pin_issue(payment, merchant, live,
       coalesce(pin, nextval('pg_temp.ids')), 'demo_fr', 'demo_virtual',
       sha256(number::bytea), ('\x' || md5(number))::bytea,
       nextval('pg_temp.ids'), 'fr', '\x50', false, visitor::bytea, proved);
$$;

create function pg_temp.try(payment bigint, number text default null,
    merchant int default null, live bool default null,
    id bigint default nextval('pg_temp.ids'), visitor text default null,
    block text default null, proved bool default false)
returns table (result text, pin_id bigint, tries_left int, operator text,
    mvno text, msisdn bytea, amount bigint, currency text)
language sql
as $$
select result, pin_id, tries_left, operator, mvno, msisdn, amount, currency
  from pin_attempt(payment, merchant, live, sha256(number::bytea), id,
                   visitor::bytea, block::bytea, proved);
$$;

-- some guesses, as words
create function pg_temp.tries(payment bigint, n int) returns text
language plpgsql
as $$
declare
    v_words text[];
begin
    for i in 1 .. n loop
        v_words := v_words || (select t.result from pg_temp.try(payment) t);
    end loop;

    return array_to_string(v_words, ' ');
end
$$;

-- As if all that has happened to a payment's PIN had happened earlier.
create function pg_temp.pass(payment bigint, ms bigint) returns void
language sql
as $$
update pin set sent_at = sent_at - ms where payment_id = payment;
$$;

create function pg_temp.failures(number text) returns int
language sql
as $$
select count(*)::int from pin_failure
 where msisdn_index = sha256(number::bytea);
$$;

insert into op (id, key, live, expires)
select i, 'k' || i, i = 30, now_ms() + case i when 20 then -1 else 900000 end
  from generate_series(1, 80) i;
select count(*) from pg_temp.create_ops() \gset ignore_

-- nothing sent yet

select is_empty('select * from pin_last(1, 1, false)', 'no line yet');
select results_eq('select result, tries_left from pg_temp.try(1)',
                  $$values ('none', 0)$$, 'no PIN, no guess');
select is(pin, false, 'the payment says so') from payment_get(1, false, 1);
select is(count(*)::int, 0, 'nothing is counted') from pin_failure;

-- sent

select results_eq('select * from pg_temp.issue(1, 901)',
    $$values ('issued', 30000::bigint, 3)$$, 'issued: the next in 30 s');
select results_eq('select pin_id, sends::int, tries::int, operator, mvno,'
    ' locale, msisdn_index, msisdn, sent_at between now_ms() - 5000 and'
    ' now_ms() from pin where payment_id = 1',
    $$values (901::bigint, 1, 0, 'demo_fr', 'demo_virtual', 'fr',
              sha256('33600000009'), ('\x' || md5('33600000009'))::bytea,
              true)$$, 'kept');
select results_eq('select channel::text, kind, state::text, merchant_id,'
    ' payment_id, operator, locale, recipient, recipient_index, body,'
    ' deadline - at from message where payment_id = 1',
    $$values ('s', 'pin', 'q', 1, 1::bigint, 'demo_fr', 'fr',
              ('\x' || md5('33600000009'))::bytea, sha256('33600000009'),
              '\x50'::bytea, 120000::bigint)$$,
    'its message is queued, and late after two minutes');
select is(count(*)::int, 1, 'to be sent at once') from message_due d
  join message m on m.id = d.message_id
 where m.payment_id = 1 and due_at <= now_ms();
select is(pin, true, 'the payment says so') from payment_get(1, false, 1);
select is(pin, true, 'and so does its page') from payment_page('{1}');
select results_eq('select * from pin_last(1, 1, false)',
    $$values ('demo_fr', 'demo_virtual', ('\x' || md5('33600000009'))::bytea,
              'fr')$$, 'the line that was asked');
select is_empty(format('select * from pin_last(1, %s)', a),
                'for its merchant alone: ' || a)
  from unnest(array['2, false', '1, true']) a;

-- the same again: its commit was in doubt

select results_eq('select * from pg_temp.issue(1, 901)',
    $$values ('issued', 30000::bigint, 3)$$,
    'the same PIN again is the same answer');
select is(count(*)::int, 1, 'in one message') from message
 where payment_id = 1;

-- a mistyped number may be corrected at once, but only once, and it counts

create function pg_temp.elsewhere(payment bigint, number text)
returns table (result text, sends_left int, waits bool, elsewhere bool)
language sql
as $$
select result, sends_left, wait_ms > 0, elsewhere
  from pin_issue(payment, null, null, nextval('pg_temp.ids'), 'demo_fr', null,
       sha256(number::bytea), ('\x' || md5(number))::bytea,
       nextval('pg_temp.ids'), 'fr', '\x50', false,
       null, false);
$$;

select is(result, 'issued', 'a number with a slip')
  from pg_temp.issue(79, 980, '33600000081');
select results_eq($$select * from pg_temp.elsewhere(79, '33600000082')$$,
    $$values ('issued', 2, true, false)$$, 'is corrected at once');
select results_eq($$select * from pg_temp.elsewhere(79, '33600000083')$$,
    $$values ('wait', 2, true, true)$$, 'a third number waits');
select results_eq($$select * from pg_temp.elsewhere(79, '33600000082')$$,
    $$values ('wait', 2, true, false)$$, 'and so does the second');

-- growing waits, four in all

select results_eq('select result, sends_left, wait_ms between 29000 and'
    ' 30000 from pg_temp.issue(1)', $$values ('wait', 3, true)$$,
    'not at once');
select pg_temp.pass(1, 28000) \gset ignore_
select ok(wait_ms between 1000 and 2000, 'says how long still')
  from pg_temp.issue(1);
select pg_temp.pass(1, 2000) \gset ignore_
select results_eq('select * from pg_temp.issue(1, 902)',
    $$values ('issued', 60000::bigint, 2)$$, 'the second: the next in 60 s');
select pg_temp.pass(1, 58000) \gset ignore_
select is(result, 'wait', 'not after 58 s') from pg_temp.issue(1);
select pg_temp.pass(1, -3600000) \gset ignore_
select results_eq('select * from pg_temp.issue(1, 903)',
    $$values ('issued', 120000::bigint, 1)$$,
    'the third, after the clock was set back by an hour: the next in 120 s');
select pg_temp.pass(1, 118000) \gset ignore_
select is(result, 'wait', 'not after 118 s') from pg_temp.issue(1);
select pg_temp.pass(1, 2000) \gset ignore_
select results_eq('select * from pg_temp.issue(1, 904)',
    $$values ('issued', 0::bigint, 0)$$, 'the fourth is the last');
select pg_temp.pass(1, 86400000) \gset ignore_
select results_eq('select * from pg_temp.issue(1)',
    $$values ('exhausted', 0::bigint, 0)$$, 'there is no fifth');
select is(result, 'exhausted', 'nor one to another number')
  from pg_temp.issue(1, null, '33600000008');
select results_eq('select pin_id, sends::int from pin where payment_id = 1',
    'values (904::bigint, 4)', 'and what is refused changes nothing');
select is(count(*)::int, 4, 'four messages') from message
 where payment_id = 1;

-- five guesses a PIN

select is(result, 'issued', 'another payment') from pg_temp.issue(2, 910);
select results_eq('select * from pg_temp.try(2)',
    $$values ('go', 910::bigint, 4, 'demo_fr', 'demo_virtual',
              ('\x' || md5('33600000009'))::bytea, 499::bigint, 'EUR')$$,
    'a guess, with all that the hash is bound to');
select is(pg_temp.failures('33600000009'), 1, 'counted before it is compared');
select results_eq('select result, tries_left from pg_temp.try(2,'
    ' ''33600000009'')', $$values ('go', 3)$$, 'the line is as he says');
select is(pg_temp.tries(2, 5), 'go go go exhausted exhausted',
          'five guesses, no more');
select results_eq('select result, tries_left from pg_temp.try(2)',
    $$values ('exhausted', 0)$$, 'and none left');
select is(pg_temp.failures('33600000009'), 5, 'five are counted');

-- a new PIN has five of its own; the number's count goes on

select pg_temp.pass(2, 30000) \gset ignore_
select is(result, 'issued', 'a new PIN') from pg_temp.issue(2, 911);
select results_eq('select result, pin_id, tries_left from pg_temp.try(2)',
    $$values ('go', 911::bigint, 4)$$, 'has tries of its own');
select is(pg_temp.failures('33600000009'), 6, 'but the number has one more');

-- ten guesses a number, whatever it pays

select is(result, 'issued', 'a third payment, of the number')
  from pg_temp.issue(3, 920);
select is(result, 'issued', 'a fourth, too') from pg_temp.issue(4, 925);
select is(pg_temp.tries(3, 4), 'go go go go', 'four more');
select is(pg_temp.tries(3, 1), 'locked', 'the tenth was the last');
select is(pg_temp.tries(2, 1) || ' ' || pg_temp.tries(4, 1),
          'locked locked', 'for every payment of the number');
select is(tries::int, 4, 'what is not compared is no try') from pin
 where payment_id = 3;
select is(pg_temp.failures('33600000009'), 10, 'and is not counted');
select results_eq('select result, wait_ms between 86390000 and 86400000,'
    ' sends_left from pg_temp.issue(5)', $$values ('locked', true, 0)$$,
    'nor is a PIN sent');
select is_empty('select * from pin where payment_id = 5', 'none is kept');
select is_empty('select * from message where payment_id = 5', 'none queued');
select is(result, 'issued', 'another number is not concerned')
  from pg_temp.issue(6, 930, '33600000007');
select is(pg_temp.tries(6, 1), 'go', 'and may be guessed at');

-- until the tenth last is a day old

update pin_failure set at = at - 86400000 + 60000
 where id = (select min(id) from pin_failure
              where msisdn_index = sha256('33600000009'));
select ok(wait_ms between 55000 and 60000, 'says how long still')
  from pg_temp.issue(5);
update pin_failure set at = at - 60000
 where id = (select min(id) from pin_failure
              where msisdn_index = sha256('33600000009'));
select is(pg_temp.tries(4, 2), 'go locked', 'then there is one again');
update pin_failure set at = at - 86400001
 where msisdn_index = sha256('33600000009');
select is(pg_temp.tries(4, 5), 'go go go go exhausted',
          'after a day there are ten, but five a PIN');
select is(result, 'issued', 'and a PIN is sent') from pg_temp.issue(5);

-- a right guess is taken back, whatever comes of the payment

select count(*) from pg_temp.issue(7, 940, '33600000006') \gset ignore_
select is(pg_temp.tries(7, 2), 'go go', 'two wrong guesses');
select is(result, 'go', 'a right one')
  from pg_temp.try(7, '33600000006', id => 77);
select is(pg_temp.begin_one(7, 70, '33600000006', 77), 'processing', 'begun');
select is(pg_temp.failures('33600000006'), 2, 'the wrong ones stay');
select is(count(*)::int, 0, 'the right one is none') from pin_failure
 where id = 77;
select is(pg_temp.begin_one(7, 70, '33600000006', 77), 'processing',
          'the same again: a commit was in doubt');
select is(pg_temp.begin_one(7, 71, '33600000006',
          (select min(id) from pin_failure
            where msisdn_index = sha256('33600000006'))), 'already',
          'when nothing is begun');
select is(pg_temp.failures('33600000006'), 1, 'it is taken back, too');
select is(pg_temp.begin_one(999, 71, '33600000006',
          (select min(id) from pin_failure
            where msisdn_index = sha256('33600000006'))), 'not_found',
          'when there is nothing to begin');
select is(pg_temp.failures('33600000006'), 0, 'it is taken back, too');
select ok(block_add(encode(sha256('33600000005'), 'hex'), null, 'test'),
          'one who wants no purchases');
select count(*) from pg_temp.issue(8, 950, '33600000005') \gset ignore_
select is(result, 'go', 'guesses right') from pg_temp.try(8, id => 88);
select is(pg_temp.begin_one(8, 80, '33600000005', 88),
          'blocked_by_subscriber', 'in vain');
select is(pg_temp.failures('33600000005'), 0, 'and not wrongly');

-- some of a batch were guesses, some were not

select count(*) from pg_temp.issue(11, null, '33600000011') i,
       pg_temp.issue(12, null, '33600000012') j \gset ignore_
select is(t.result || u.result, 'gogo', 'two guesses')
  from pg_temp.try(11, id => 111) t, pg_temp.try(12, id => 112) u;
select results_eq($$select result from pg_temp.begin_all('{11,13,12}',
    '{1011,1013,1012}', '{demo_fr,demo_fr,demo_fr}', '{611,613,612}',
    array[sha256('33600000011'), sha256('33600000013'),
          sha256('33600000012')], '{711,713,712}',
    tries => '{111,null,null}')$$,
    $$values ('processing'), ('processing'), ('processing')$$,
    'one of them is right');
select is(pg_temp.failures('33600000011') || ' '
          || pg_temp.failures('33600000012'), '0 1', 'and taken back');

-- five minutes

select count(*) from pg_temp.issue(14, 960, '33600000014') \gset ignore_
select pg_temp.pass(14, 299000) \gset ignore_
select is(pg_temp.tries(14, 1), 'go', 'just in time');
select pg_temp.pass(14, 1000) \gset ignore_
select is(pg_temp.tries(14, 1), 'none', 'five minutes are over');
select is(pg_temp.failures('33600000014'), 1, 'which is no guess');

-- another line

select count(*) from pg_temp.issue(15, 970, '33600000015') \gset ignore_
select is(result, 'changed', 'another line than he says')
  from pg_temp.try(15, '33600000016');
select is(pg_temp.failures('33600000015') || ' '
          || pg_temp.failures('33600000016'), '0 0', 'counts for nobody');
select pg_temp.pass(15, 30000) \gset ignore_
select is(result, 'issued', 'he corrects his number')
  from pg_temp.issue(15, 971, '33600000016');
select is(result, 'changed', 'the first number''s page is told')
  from pg_temp.try(15, '33600000015');
select is(result || ' ' || pin_id, 'go 971', 'the new one''s may guess')
  from pg_temp.try(15, '33600000016');
select is(pg_temp.failures('33600000015') || ' '
          || pg_temp.failures('33600000016'), '0 1',
          'a guess is about the number that the PIN went to');

-- only one's own

create function pg_temp.nobodys(payment bigint, merchant int, live bool,
    about text)
returns setof text
language plpgsql
as $$
begin
    return next is((select i::text from pg_temp.issue(payment, null,
                        '33600000017', merchant, live) i),
                   '(not_found,0,0)', 'no PIN: ' || about);
    return next is((select t::text from pg_temp.try(payment, null, merchant,
                                                    live) t),
                   '(not_found,,0,,,,,)', 'no guess, no word: ' || about);
end
$$;

select count(*) from pg_temp.issue(16, 980, '33600000018', 1, false)
       \gset ignore_
select pg_temp.nobodys(16, 2, false, 'another merchant''s');
select pg_temp.nobodys(16, 1, true, 'the other mode''s');
select pg_temp.nobodys(30, 1, false, 'live for a test key');
select pg_temp.nobodys(999, null, null, 'none at all');
select pg_temp.nobodys(999, 1, false, 'none at all, by a key');
select results_eq('select tries::int, sends::int, pin_id from pin'
    ' where payment_id = 16', 'values (0, 1, 980::bigint)',
    'the PIN is as it was');
select is(result, 'go', 'his merchant may')
  from pg_temp.try(16, null, 1, false);
select is(result, 'issued', 'a live one, by a live key')
  from pg_temp.issue(30, null, '33600000017', 1, true);

-- not pending

select is(i.result || ' ' || t.result, w, 'too late: ' || p)
  from (values (7, 'already already'), (20, 'expired expired'))
       v (p, w), lateral pg_temp.issue(p) i, lateral pg_temp.try(p) t;
update payment set state = 'x' where id = 21;
update payment set state = 'f' where id = 22;
select is(i.result || ' ' || t.result, w, 'over: ' || p)
  from (values (21, 'expired expired'), (22, 'already already')) v (p, w),
       lateral pg_temp.issue(p) i, lateral pg_temp.try(p) t;
select is(pin, null, 'whether there was a PIN is no matter then')
  from payment_get(1, false, 7);

-- Strangers lock a number, and a browser that has proved it does not mind.

delete from pin_failure;

create function pg_temp.guess(payment bigint, visitor text,
    proved bool default false, block text default null) returns text
language sql
as $$
select t.result from pg_temp.try(payment, visitor => visitor, block => block,
                                 proved => proved) t;
$$;

insert into op (id, key, expires)
select i, 'k' || i, now_ms() + 900000 from generate_series(101, 160) i;
select count(*) from pg_temp.create_ops() \gset ignore_

select is(string_agg(i.result, ' ' order by p), 'issued issued issued issued',
          'four payments of a number')
  from generate_series(101, 104) p,
       lateral pg_temp.issue(p, null, '33600000101') i;
select is(string_agg(pg_temp.guess(101 + i / 5, 'stranger ' || i), ' '
                     order by i), repeat('go ', 9) || 'go',
          'ten strangers guess once each')
  from generate_series(0, 9) i;
select is(pg_temp.guess(103, 'stranger 11'), 'locked',
          'an eleventh is refused');
select is(pg_temp.guess(103, null), 'locked', 'and a merchant''s own page');
select is(result, 'locked', 'no PIN is sent to a stranger')
  from pg_temp.issue(105, null, '33600000101');
select is(result, 'issued', 'but to a browser that has proved the line')
  from pg_temp.issue(105, null, '33600000101', visitor => 'own',
                     proved => true);
select is(pg_temp.guess(103, 'own', true), 'go', 'which may guess');
select is(pg_temp.guess(103, 'stranger 11'), 'locked',
          'the stranger still may not');

-- Its own count, and that of all such browsers.

select is(string_agg(pg_temp.guess(104, 'own', true), ' '),
          'go go go go later', 'its guesses are delayed like all')
  from generate_series(1, 5);
update pin_failure set at = at - 3600000;
update pin set tries = 0;
select is(string_agg(pg_temp.guess(104, 'own', true), ' '), 'go later',
          'one at a time')
  from generate_series(1, 2);
insert into pin_failure
select 9000 + i, now_ms() - 3600000, 104, sha256('33600000101'), 'own', null,
       true, false
  from generate_series(1, 4) i;
select is(pg_temp.guess(104, 'own', true), 'locked',
          'after ten wrong guesses the browser is stopped');
select is(result, 'locked', 'and gets no PIN')
  from pg_temp.issue(106, null, '33600000101', visitor => 'own',
                     proved => true);
select is(pg_temp.guess(104, 'own too', true), 'go',
          'another browser of the owner''s is not');
insert into pin_failure
select 9100 + i, now_ms() - 3600000, 104, sha256('33600000101'),
       ('own ' || i)::bytea, null, true, false
  from generate_series(1, 9) i;
select is(pg_temp.guess(104, 'own three', true), 'locked',
          'twenty wrong guesses of all of them stop all');
delete from pin_failure where not proved;
select is(string_agg(pg_temp.guess(101 + i / 5, 'held it ' || i), ' '
                     order by i), repeat('go ', 9) || 'go',
          'and as a stranger there are ten: thirty in all')
  from generate_series(0, 9) i;
select is(pg_temp.guess(103, 'held it 10') || ' '
          || pg_temp.guess(104, 'own four', true), 'locked locked',
          'then there are none, in a new browser either');

-- The tenth says that it was the last.

delete from pin_failure;
update pin set tries = 0;

select is(string_agg(locks::text, ' ' order by i),
          'false false false false false false false false false true',
          'the tenth guess locks the number, if it is wrong')
  from generate_series(1, 10) i,
       lateral pin_attempt(101 + i / 5, null, null, null, 9200 + i,
                           ('s' || i)::bytea, null, false);

-- Delays of a visitor, over all numbers.

delete from pin_failure;
update pin set tries = 0;

select is(string_agg(i.result, ' '), repeat('issued ', 19) || 'issued',
          'twenty numbers')
  from generate_series(111, 130) p,
       lateral pg_temp.issue(p, null, '33600000' || p) i;
create function pg_temp.delay() returns bigint
language sql
as $$
select round(pin_delay(false, 'one', null, false, now_ms())
             / 1000.0)::bigint;
$$;
create function pg_temp.delays(n int) returns text
language plpgsql
as $$
declare
    v_text text := '';
begin
    for i in 1 .. n loop
        update pin_failure set at = at - 900001;
        v_text := v_text || pg_temp.guess(110 + i, 'one') || ' '
                  || pg_temp.delay() || ' ';
    end loop;
    return v_text;
end
$$;
select is(pg_temp.delays(12), 'go 0 go 0 go 0 go 0 go 10 go 30 go 60 go 120'
          ' go 240 go 240 go 240 go 240 ', 'growing delays');
select is((select max(d) from unnest((pin_limits()).delays_ms) d)
          < (pin_limits()).lifetime_ms, true, 'none outlives a PIN');
select results_eq('select result, wait_ms between 239000 and 240000,'
    ' tries_left from pin_attempt(130, null, null, null, 9300, ''one'', null,'
    ' false)', $$values ('later', true, 5)$$, 'says how long, and tries none');
select pg_temp.pass(130, 70000) \gset ignore_
select results_eq('select result, tries_left from pin_attempt(130, null, null,'
    ' null, 9301, ''one'', null, false)', $$values ('later', 0)$$,
    'and that the PIN is over by then');
select is(pg_temp.guess(130, 'two'), 'go', 'another visitor need not wait');
update pin_failure set at = at - 86400001 where visitor = 'one';
select is(pg_temp.guess(130, 'one'), 'go', 'after a day it is forgotten');

-- Of a block of addresses.

delete from pin_failure;
insert into pin_failure
select 9400 + i, now_ms(), 140, sha256('x'), ('v' || i)::bytea, 'block',
       false, false
  from generate_series(1, 49) i;
select is(pg_temp.guess(130, 'v50', false, 'block'), 'go',
          'the fiftieth wrong guess of a block');
select is(pg_temp.guess(130, 'v51', false, 'block'), 'later',
          'the next one waits');
select results_eq('select wait_ms between 9000 and 10000 from pin_attempt(130,'
    ' null, null, null, 9500, ''v51'', ''block'', false)', 'values (true)',
    'for ten seconds');
select is(pg_temp.guess(130, 'v51', false, 'other'), 'go',
          'not in another block');
select is(pg_temp.guess(130, 'v51', true, 'block'), 'go',
          'nor a browser that has proved the line');

-- Guesses in test mode count there alone.

delete from pin_failure;
insert into op (id, key, live, expires)
select i, 'k' || i, i > 172, now_ms() + 900000
  from generate_series(171, 174) i;
select count(*) from pg_temp.create_ops() \gset ignore_
select is(count(*)::int, 4, 'a number in both modes')
  from generate_series(171, 174) p,
       lateral pg_temp.issue(p, null, '33600000171') i
 where i.result = 'issued';
insert into pin_failure
select 9700 + i, now_ms() - 10000, 171, sha256('33600000171'), 'office',
       'block', false, false
  from generate_series(1, 60) i;
select is(pg_temp.guess(172, 'office', false, 'block'), 'locked',
          'locked in test mode');
select is(pg_temp.guess(173, 'office', false, 'block'), 'go',
          'a live guess is not the eleventh, nor delayed');
select is(pg_temp.guess(173, 'own', true), 'go',
          'nor is one of a browser that has proved the line');
delete from pin_failure where not live;
insert into pin_failure
select 9800 + i, now_ms() - 10000, 173, sha256('33600000171'), 'office',
       'block', false, true
  from generate_series(1, 10) i;
select is(pg_temp.guess(174, 'stranger', false, 'far'), 'locked',
          'live guesses lock live mode');
select is(pg_temp.guess(172, 'office', false, 'block'), 'go',
          'and test mode does not care');

-- Lost by the store.

delete from pin_failure;
update pin set tries = 0;
select results_eq('select result, pin_id from pg_temp.try(116, id => 9600)',
    'select ''go'', pin_id from pin where payment_id = 116', 'a guess');
select is(pin_lost(116, (select pin_id from pin where payment_id = 116), 9600),
          'lost', 'of a PIN that was lost');
select is(count(*)::int, 0, 'is not counted') from pin_failure;
select is(pg_temp.tries(116, 1), 'none', 'and the PIN is over');
select is(result, 'issued', 'another may be had at once')
  from pg_temp.issue(116, null, '33600000116');
select is(pin_lost(116, 1, 1), 'lost', 'one before it');
select is(pg_temp.tries(116, 1), 'go', 'does not harm it');
select is(pin_lost(7, 940, 1), 'already', 'of a payment that has begun');

select * from finish();
rollback;
