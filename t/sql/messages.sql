-- Messages: claimed, sent, tried again, lost, and what is reported of them.

\ir lib/fixture.sql

select * from no_plan();

insert into op (id, key, pseudonym) values (1, 'a', 200), (2, 'b', null);
insert into op (id, key, live, pseudonym) values (3, 'c', true, 201);
select count(*) from pg_temp.create_ops() \gset ignore_
update merchant set support = 'help@shop' where id = 1;

-- one to be sent, of a kind or a PIN
create function pg_temp.add(id bigint, channel text default 's',
    payment bigint default 1, merchant int default 1,
    body bytea default null, lifetime int default 60000,
    operator text default 'demo_fr', locale text default 'fr')
returns void
language sql
as $$
select message_add(id, channel::"char", 'pin', lifetime, payment, merchant,
                   operator, locale,
                   case channel when 's' then sha256('33600000009') end,
                   '\xbb', body);
$$;

create function pg_temp.claim(token bigint, most int default 10)
returns table (id bigint, attempts int)
language sql
as $$
select id, attempts from message_claim(most, 60000, token);
$$;

create function pg_temp.done(id bigint, token bigint, outcome text,
    parts int default null, price bigint default null)
returns text
language sql
as $$
select result from message_done(array[$1], array[$2], array[$3],
                                array['kannel'], array['ref ' || $1],
                                array[$4], array[$5], array['EUR']);
$$;

-- all leases run out
create function pg_temp.run_out() returns void
language sql
as $$
update message_due set due_at = now_ms() - 1;
$$;

create function pg_temp.state(id bigint) returns text
language sql
as $$
select message_state(m.state) from message m where m.id = $1;
$$;

-- claimed with all it takes to send it

select is_empty('select * from message_claim(10, 60000, 5)', 'nothing to do');
do $$
begin
    perform pg_temp.add(10, body => '\x5011');
    perform pg_temp.add(11, 'm', payment => 3, operator => null,
                        locale => null);
    perform pg_temp.add(12, payment => null, merchant => null,
                        operator => null, locale => null);
    perform pg_temp.add(13, payment => 999, operator => 'none');
    update message_due d set due_at = t.now - 100 + d.message_id
  from (select now_ms() as now offset 0) t;
    -- a part of it was captured
    update payment set captured = 200 where id = 3;
end
$$;
create temp table claimed as select * from message_claim(10, 60000, 77);
select results_eq('select id, channel, kind, locale, route, recipient, body,'
    ' attempts, merchant, support, payment_id, amount, currency, description,'
    ' operator_name, live, merchant_locale from claimed',
    $$values (10::bigint, 's', 'pin', 'fr', 'demo_fr', '\xbb'::bytea,
              '\x5011'::bytea, 1, 'Shop', 'help@shop', 1::bigint,
              499::bigint, 'EUR', 'Coins', 'Demo France', false, 'fr'),
             (11, 'm', 'pin', null, 'net_fr', '\xbb', null, 1, 'Shop',
              'help@shop', 3, 200, 'EUR', 'Coins', 'Net France', true, 'fr'),
             (12, 's', 'pin', null, null, '\xbb', null, 1, null, null, null,
              null, null, null, null, null, null),
             (13, 's', 'pin', 'fr', 'none', '\xbb', null, 1, 'Shop',
              'help@shop', null, null, null, null, null, null, 'fr')$$,
    'those due longest, with the payment, the merchant, the route');
select ok(bool_and(deadline between now_ms() + 55000 and now_ms() + 60000),
          'and the deadline') from claimed;
select results_eq('select count(*)::int, bool_and(token = 77 and attempts = 1'
    ' and due_at between now_ms() + 55000 and now_ms() + 60000)'
    ' from message_due', 'values (4, true)', 'leased');
select is_empty('select * from pg_temp.claim(78)',
                'what is leased is not claimed');

-- done

select is(pg_temp.done(10, 78, 'accepted'), 'lost', 'not by anybody else');
select results_eq('select state::text, body from message where id = 10',
    $$values ('q', '\x5011'::bytea)$$, 'and nothing is changed');
select results_eq('select * from message_done(''{10,11,12,999,13}'','
    ' ''{77,77,77,77,77}'','
    ' ''{accepted,unknown,refused,accepted,late}'','
    ' ''{kannel,smtp,null,kannel,null}'', ''{r10,null,null,x,null}'','
    ' ''{2,null,null,1,null}'', ''{40000,null,null,1,null}'','
    ' ''{EUR,null,null,EUR,null}'')',
    $$values (1, 'done'), (2, 'done'), (3, 'done'), (4, 'lost'),
             (5, 'done')$$, 'one result each, in order');
select results_eq('select id, message_state(state), provider, reference,'
    ' parts::int, price, currency, body from message order by id',
    $$values (10::bigint, 'sent', 'kannel', 'r10', 2, 40000::bigint, 'EUR',
              null::bytea),
             (11, 'unknown', 'smtp', null, null, null, null, null),
             (12, 'failed', null, null, null, null, null, null),
             (13, 'expired', null, null, null, null, null, null)$$,
    'stored; the text is gone');
select is_empty('select * from message_due', 'nobody looks any more');
select is(pg_temp.done(10, 77, 'refused'), 'lost', 'the same again');
select is(pg_temp.state(10), 'sent', 'does nothing');

-- a try that failed

select pg_temp.add(20, body => '\x5020', lifetime => 86400000) \gset ignore_
select results_eq('select * from pg_temp.claim(80)',
                  'values (20::bigint, 1)', 'claimed');
select is(pg_temp.done(20, 80, 'failed'), 'retry', 'not sent');
select results_eq('select state::text, body, provider, reference'
    ' from message where id = 20',
    $$values ('q', '\x5020'::bytea, null, null)$$, 'it is as it was');
select is(pg_temp.done(20, 80, 'accepted'), 'lost', 'the lease is over');
select is_empty('select * from pg_temp.claim(81)', 'and not again at once');

-- the schedule

create temp table waits (try int, seconds numeric);
do $$
begin
    for i in 1 .. 9 loop
        insert into waits select i, (due_at - now_ms()) / 1000.0
                            from message_due where message_id = 20;
        update message_due set due_at = now_ms() - 1 where message_id = 20;
        perform pg_temp.claim(100 + i), pg_temp.done(20, 100 + i, 'failed');
    end loop;
end
$$;
select ok(w.seconds between 0.89 * s - 0.1 and 1.1 * s,
          format('after try %s in %s s', ord, s))
  from unnest(array[2, 5, 15, 60, 300, 900, 3600, 3600, 3600])
       with ordinality v (s, ord) join waits w on w.try = ord;

-- a failed try is no lost lease: tries go on

update message_due set due_at = now_ms() - 1 where message_id = 20;
select results_eq('select * from pg_temp.claim(120)',
                  'values (20::bigint, 11)', 'the eleventh try');
select is(pg_temp.done(20, 120, 'accepted'), 'done', 'is the one');

-- not past the deadline: then it is claimed to be called late

select pg_temp.add(21, body => '\x5021', lifetime => 60000) \gset ignore_
select results_eq('select * from pg_temp.claim(130)',
                  'values (21::bigint, 1)', 'claimed');
update message_due set attempts = 5 where message_id = 21;
select is(pg_temp.done(21, 130, 'failed'), 'retry', 'once more');
select is(due_at, (select deadline from message where id = 21),
          'at the deadline, not after it')
  from message_due where message_id = 21;
update message set deadline = now_ms() - 1 where id = 21;
select pg_temp.run_out() \gset ignore_
select results_eq('select id, deadline < now_ms()'
    ' from message_claim(10, 60000, 131)', 'values (21::bigint, true)',
    'one that is late is claimed, too');
select is(pg_temp.done(21, 131, 'late'), 'done', 'and is not sent');
select results_eq('select message_state(state), body from message'
    ' where id = 21', $$values ('expired', null::bytea)$$,
    'the PIN does not stay');

-- lost workers: once more, then never again

select pg_temp.add(30, body => '\x5030'), pg_temp.add(31, body => '\x5031')
       \gset ignore_
select is(count(*)::int, 2, 'claimed') from pg_temp.claim(140);
select pg_temp.run_out() \gset ignore_
select results_eq('select * from pg_temp.claim(141) order by 1',
    'values (30::bigint, 2), (31, 2)', 'whose worker died: once more');
select is(pg_temp.done(30, 140, 'accepted'), 'lost',
          'the first one''s word comes too late');
select is(pg_temp.done(30, 141, 'accepted'), 'done', 'the second one''s not');
select pg_temp.run_out() \gset ignore_
select is_empty('select * from pg_temp.claim(142)', 'never again');
select results_eq('select message_state(state), body from message'
    ' where id = 31', $$values ('unknown', null::bytea)$$, 'nobody knows');
select is_empty('select * from message_due', 'nobody looks');
select is(pg_temp.done(31, 141, 'accepted'), 'lost', 'too late');
select is(message_report(31, 'delivered', null), 'taken',
          'a report may still tell');
select is(pg_temp.state(31), 'delivered', 'and does');

-- a try that failed before does not take the second chance away

select pg_temp.add(32) \gset ignore_
select is((select attempts from pg_temp.claim(150)), 1,
          'claimed');
select is(pg_temp.done(32, 150, 'failed'), 'retry', 'a try that failed');
select pg_temp.run_out() \gset ignore_
select is((select attempts from pg_temp.claim(151)), 2,
          'the second');
select pg_temp.run_out() \gset ignore_
select is((select attempts from pg_temp.claim(152)), 3,
          'whose worker died: once more');
select pg_temp.run_out() \gset ignore_
select is_empty('select * from pg_temp.claim(153)', 'never again');
select is(pg_temp.state(32), 'unknown', 'nobody knows');

-- nor does one in between give another

select pg_temp.add(33) \gset ignore_
select is((select attempts from pg_temp.claim(160)), 1,
          'claimed');
select pg_temp.run_out() \gset ignore_
select is((select attempts from pg_temp.claim(161)), 2,
          'whose worker died: once more');
select is(pg_temp.done(33, 161, 'failed'), 'retry', 'which failed');
select pg_temp.run_out() \gset ignore_
select is((select attempts from pg_temp.claim(162)), 3,
          'so this is the once more');
select pg_temp.run_out() \gset ignore_
select is_empty('select * from pg_temp.claim(163)', 'never again');
select is(pg_temp.state(33), 'unknown', 'at most twice');

-- not sent now, but perhaps before: that is not known either

select count(pg_temp.add(i)) from generate_series(34, 35) i \gset ignore_
select is(count(*)::int, 2, 'claimed') from pg_temp.claim(170);
select pg_temp.run_out() \gset ignore_
select is(count(*)::int, 2, 'whose worker died') from pg_temp.claim(171);
select is(pg_temp.done(34, 171, 'late') || ' '
          || pg_temp.done(35, 171, 'refused'), 'done done', 'not sent now');
select is(pg_temp.state(34) || ' ' || pg_temp.state(35), 'unknown unknown',
          'whether it was before nobody knows');
select is(message_report(34, 'delivered', null), 'taken', 'but it was');

-- a claim meets lost ones only, or some; they are due in the order of their
-- ids, for the clock is read once

select count(pg_temp.add(i)) from generate_series(36, 39) i \gset ignore_
update message_due d set due_at = t.now - 100 + d.message_id
  from (select now_ms() as now offset 0) t;
select is(count(*)::int, 2, 'two are claimed') from pg_temp.claim(180, 2);
update message_due d set due_at = t.now - 100 + d.message_id
  from (select now_ms() as now offset 0) t;
select is(count(*)::int, 2, 'once more') from pg_temp.claim(181, 2);
update message_due d set due_at = t.now - 100 + d.message_id
  from (select now_ms() as now offset 0) t;
select results_eq('select id from pg_temp.claim(182, 3)',
                  'values (38::bigint)', 'the others go on');
select is(pg_temp.state(36) || ' ' || pg_temp.state(38), 'unknown queued',
          'the lost ones are lost');

-- the sender of what was sent is noted

select count(pg_temp.add(i, merchant => 2)) from generate_series(950, 953) i
       \gset ignore_
select is(count(*)::int, 4, 'claimed') from pg_temp.claim(190)
 where id between 950 and 953;
create function pg_temp.last() returns text
language sql
as $$
select concat_ws(' ', message_id, before_id, live) from last_sender
 where merchant_id = 2 and recipient_index = sha256('33600000009');
$$;
select is(pg_temp.done(950, 190, 'refused') || pg_temp.last(), null,
          'of a message that was refused, nothing');
select is(pg_temp.done(952, 190, 'accepted') || ' ' || pg_temp.last(),
          'done 952 f', 'of one that was accepted');
select is(pg_temp.done(951, 190, 'accepted') || ' ' || pg_temp.last(),
          'done 952 f', 'an earlier one does not count any more');
select is(pg_temp.done(953, 190, 'unknown') || ' ' || pg_temp.last(),
          'done 952 f', 'one that was perhaps sent does not count');
select is(message_report(953, 'delivered', null) || ' ' || pg_temp.last(),
          'taken 953 952 f', 'until a report tells');

-- reports, in every order

select is(message_report(999, 'delivered', '0'), 'not_found', 'of no message');
select is(message_report(11, 'delivered', '0'), 'not_found', 'of a mail');
select throws_ok(format('select message_report(10, %L, null)', s), '22023',
                 null, 'no report: ' || coalesce(s, 'null'))
  from unnest(array['sent', 'queued', 'failed', 'unknown', '', null]) s;
select results_eq('select * from (values'
    ' (message_report(10, ''buffered'', ''1'')),'
    ' (message_report(10, ''buffered'', ''2'')),'
    ' (message_report(10, ''delivered'', ''3'')),'
    ' (message_report(10, ''delivered'', ''4'')),'
    ' (message_report(10, ''buffered'', ''5'')),'
    ' (message_report(10, ''undelivered'', ''6'')),'
    ' (message_report(10, ''expired'', ''7''))) v',
    $$values ('taken'), ('already'), ('taken'), ('already'), ('already'),
             ('taken'), ('already')$$,
    'late, repeated, out of order: a part that failed wins');
select results_eq('select message_state(state), code, parts::int, price,'
    ' currency, provider, reference, reported_at between now_ms() - 5000 and'
    ' now_ms() from message where id = 10',
    $$values ('undelivered', '6', 2, 40000::bigint, 'EUR', 'kannel', 'r10',
              true)$$, 'parts and price are as they were');

insert into message (id, at, deadline, state, channel, kind, recipient)
select 1000 + 10 * f.n + t.n, 0, 0, f.state::"char", 's', 'pin', '\xbb'
  from unnest(array['q', 's', 'b', 'd', 'u', 'x', 'f', 'n'])
       with ordinality f (state, n),
       unnest(array['b', 'd', 'u', 'x']) with ordinality t (state, n);
select results_eq($$select f.state, string_agg(message_report(
        1000 + 10 * f.n + t.n, message_state(t.state::"char"), null), ' '
        order by t.n)
  from unnest(array['q', 's', 'b', 'd', 'u', 'x', 'f', 'n'])
       with ordinality f (state, n),
       unnest(array['b', 'd', 'u', 'x']) with ordinality t (state, n)
 group by f.n, f.state order by f.n$$,
    $$values ('q', 'taken taken taken taken'),
             ('s', 'taken taken taken taken'),
             ('b', 'already taken taken taken'),
             ('d', 'already already taken taken'),
             ('u', 'already already already already'),
             ('x', 'already already already already'),
             ('f', 'taken taken taken taken'),
             ('n', 'taken taken taken taken')$$, 'from every state');

-- a report before the provider's answer

select pg_temp.add(40, body => '\x5040'), pg_temp.add(41) \gset ignore_
select is(count(*)::int, 2, 'claimed') from pg_temp.claim(190)
 where id in (40, 41);
select is(message_report(40, 'delivered', '0') || ' '
          || message_report(41, 'buffered', null), 'taken taken',
          'reports are faster');
select is(pg_temp.done(40, 190, 'accepted', 3, 90000) || ' '
          || pg_temp.done(41, 190, 'unknown'), 'done done',
          'than the answers');
select results_eq('select message_state(state), provider, reference,'
    ' parts::int, price, body from message where id in (40, 41) order by id',
    $$values ('delivered', 'kannel', 'ref 40', 3, 90000::bigint, null::bytea),
             ('buffered', 'kannel', 'ref 41', null, null, null)$$,
    'and stay, with what the answer says');

-- what has been reported has been sent: it is not sent again

select pg_temp.add(42, body => '\x5042'), pg_temp.add(43, body => '\x5043')
       \gset ignore_
select is(count(*)::int, 2, 'claimed') from pg_temp.claim(200)
 where id in (42, 43);
select is(message_report(42, 'delivered', '0') || ' '
          || message_report(43, 'buffered', null), 'taken taken',
          'reported, and the worker dies');
select pg_temp.run_out() \gset ignore_
select is_empty('select * from pg_temp.claim(201) where id in (42, 43)',
                'nobody sends them again');
select results_eq('select message_state(state), body from message'
    ' where id in (42, 43) order by id',
    $$values ('delivered', null::bytea), ('buffered', null)$$,
    'the report is what is known, the text is gone');
select is_empty('select * from message_due where message_id in (42, 43)',
                'nobody looks');

-- one message twice in a batch

select count(pg_temp.add(i)) from generate_series(50, 52) i \gset ignore_
select is(count(*)::int, 3, 'claimed') from pg_temp.claim(210)
 where id between 50 and 52;
create temp table twice as
select * from message_done('{50,50,51,51,52,52}', '{210,210,210,210,210,5}',
    '{accepted,accepted,failed,accepted,accepted,failed}', '{a,b,c,d,e,f}',
    '{1,2,3,4,5,6}', '{1,2,3,4,5,6}', '{1,2,3,4,5,6}', '{E,U,R,E,U,R}');
select results_eq('select (ord + 1) / 2, string_agg(result, '' '''
    ' order by result) from twice group by 1 order by 1',
    $$values (1, 'done lost'), (2, 'done lost'), (3, 'done lost')$$,
    'one of them counts, what was sent before what was not');
select is_empty('select * from message_due where message_id between 50 and'
                ' 52', 'none is sent again');
select results_eq('select m.parts::int, m.price, m.provider, m.reference'
    ' from message m where id between 50 and 52 order by id',
    'select t.ord, t.ord::bigint, chr(96 + t.ord), t.ord::text'
    ' from twice t where result = ''done'' order by t.ord',
    'all that one said');
select is_empty('select 1 from message_done(''{}'', ''{}'', ''{}'', ''{}'','
    ' ''{}'', ''{}'', ''{}'', ''{}'')', 'an empty batch has no answers');

-- an order that is not that of the ids

select count(pg_temp.add(i)) from generate_series(60, 69) i \gset ignore_
select is(count(*)::int, 10, 'claimed') from pg_temp.claim(220, 20)
 where id between 60 and 69;
create temp table mixed as
select 60 + i * 7 % 10 as id,
       (array['accepted', 'failed', 'late'])[1 + i % 3] as outcome
  from generate_series(1, 10) i;
select results_eq('select d.result from (select array_agg(id::bigint) as ids,'
    ' array_agg(220::bigint) as tokens, array_agg(outcome) as outcomes,'
    ' array_agg(id::text) as words, array_agg(id) as parts from mixed) m,'
    ' lateral message_done(m.ids, m.tokens, m.outcomes, m.words, m.words,'
    ' m.parts, m.ids, m.words) d',
    'select case outcome when ''failed'' then ''retry'' else ''done'' end'
    ' from mixed', 'answers are in the order of the operations');
select is_empty('select x.id from mixed x join message m using (id)'
    ' where m.state::text <> case x.outcome when ''accepted'' then ''s'''
    ' when ''failed'' then ''q'' else ''x'' end'
    ' or coalesce(m.parts, x.id) <> x.id', 'and each has its own');

-- a receipt by mail, to an address given afterwards

select is(mail_add(1, 300, '\xee', 'en'), 'not_found', 'not paid yet');
select is(mail_add(2, 300, '\xee', 'en'), 'not_found', 'not begun');
select is(mail_add(999, 300, '\xee', 'en'), 'not_found', 'no payment');
select count(*) from pg_temp.finish(1, 'succeeded', mail => 301)
       \gset ignore_
select is(mail_add(1, 302, '\xee', 'en'), 'queued', 'paid');
select results_eq('select channel::text, kind, state::text, merchant_id,'
    ' payment_id, operator, locale, recipient, recipient_index, body,'
    ' deadline - at from message where id = 302',
    $$values ('m', 'receipt', 'q', 1, 1::bigint, 'demo_fr', 'en',
              '\xee'::bytea, null::bytea, null::bytea, 86400000::bigint)$$,
    'queued');
select is(count(*)::int, 1, 'to be sent') from message_due
 where message_id = 302 and due_at <= now_ms();
select is(mail_add(1, 303, '\xee', 'en') || ' '
          || mail_add(1, 304, '\xee', 'en') || ' '
          || mail_add(1, 305, '\xee', 'en'), 'queued queued exhausted',
          'three a payment');
select is(count(*)::int, 3, 'no more') from message
 where payment_id = 1 and channel = 'm' and kind = 'receipt';

select * from finish();
rollback;
