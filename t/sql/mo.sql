-- Messages from phones: obeyed once, answered, kept.

\ir lib/fixture.sql

select * from no_plan();

create sequence pg_temp.ids start 5000;

create function pg_temp.take(action text, number text default '33600000009',
    provider_id text default null, provider text default 'kannel',
    payment bigint default null, quiet bool default false,
    id bigint default nextval('pg_temp.ids'),
    reply_id bigint default nextval('pg_temp.ids'))
returns text
language sql
as $$
select concat_ws(' ', result, reply)
  from mo_take(id, provider, provider_id, action, '38888',
               sha256(number::bytea), '\xbb', '\xb0', payment, 'demo_fr',
               'fr', reply_id,
               case action when 'ask' then '\xc0'::bytea end, quiet);
$$;

-- a merchant has written to a number, and what became of that: what a provider
-- has accepted, the sender is noted of
create function pg_temp.wrote(merchant int, number text
    default '33600000009', state text default 'd')
returns void
language sql
as $$
select message_add(nextval('pg_temp.ids'), 's', 'pin', 60000, 90, merchant,
                   'demo_fr', 'fr', sha256(number::bytea), '\xbb', null);
update message m set state = $3::"char"
 where m.id = (select max(id) from message);
select last_sender_note(array[m.id], array[m.payment_id],
                        array[m.merchant_id], array[m.recipient_index])
  from message m
 where m.id = (select max(id) from message)
   and m.state in ('s', 'b', 'd', 'u', 'x');
$$;

create function pg_temp.blocks(number text default '33600000009')
returns text
language sql
as $$
select string_agg(coalesce(merchant_id::text, 'all') || ' ' || source, ', '
                  order by merchant_id)
  from block where msisdn_index = sha256(number::bytea);
$$;

-- the last answer, and the last that came, as their rows say
create function pg_temp.answer() returns text
language sql
as $$
select concat_ws(' ', kind, merchant_id, payment_id) from message
 where kind <> 'pin' order by id desc limit 1;
$$;

create function pg_temp.kept() returns text
language sql
as $$
select concat_ws(' ', action, 'from ' || merchant_id, 'for ' || payment_id)
  from mo order by id desc limit 1;
$$;

insert into op (id, key, live)
values (1, 'a', false), (2, 'b', false), (90, 'live', true);
insert into op (id, key, pseudonym) values (3, 'c', 200), (4, 'd', 200);
select count(*) from pg_temp.create_ops() \gset ignore_

-- kept

select is(pg_temp.take('help', id => 10, reply_id => 11, provider_id => 'k10'),
          'taken help', 'a question is answered');
select results_eq('select at between now_ms() - 5000 and now_ms(),'
    ' payment_id, merchant_id, provider, provider_id, action, receiver,'
    ' sender_index, sender, body from mo',
    $$values (true, null::bigint, null::int, 'kannel', 'k10', 'help',
              '38888', sha256('33600000009'), '\xbb'::bytea,
              '\xb0'::bytea)$$, 'and kept');
select results_eq('select channel::text, kind, state::text, payment_id,'
    ' merchant_id, operator, locale, recipient, recipient_index, body,'
    ' deadline - at from message where id = 11',
    $$values ('s', 'help', 'q', null::bigint, null::int, 'demo_fr', 'fr',
              '\xbb'::bytea, sha256('33600000009'), null::bytea,
              600000::bigint)$$, 'the answer is queued');
select is(count(*)::int, 1, 'to be sent') from message_due
 where message_id = 11;
select is(pg_temp.take('info'), 'taken info', 'so is another');

-- what cannot be read is kept, not answered, and kept once

select is((select concat_ws(' ', result, reply)
             from mo_take(920, 'kannel', 'k920', 'unreadable', '38888', null,
                          '\xbb', '\xb0', null, null, null, 921, null,
                          false)),
          'taken', 'a message without a readable sender is kept');
select is((select concat_ws(' ', result, reply)
             from mo_take(922, 'kannel', 'k920', 'unreadable', '38888', null,
                          '\xbb', '\xb0', null, null, null, 923, null,
                          false)),
          'repeated', 'and once');
select is(pg_temp.take('unreadable', '33600000008'), 'taken',
          'one without a readable text is not answered');
select is(count(*)::int, 2, 'both are found by their action') from mo
 where action = 'unreadable';
select throws_ok($$select * from mo_take(924, 'kannel', 'k924', 'stop',
                          '38888', null, '\xbb', '\xb0', null, null, null,
                          925, null, false)$$, '23514', null,
                 'what is obeyed has a sender');

-- repeated

select is(pg_temp.take('stop', provider_id => 'k10'), 'repeated',
          'what a gateway sends twice');
select is(pg_temp.blocks(), null, 'does nothing');
select is(count(*)::int, 2, 'and is not answered') from message;
select is(pg_temp.take('help', provider_id => 'k10', provider => 'other'),
          'taken help', 'another gateway has ids of its own');
select is(pg_temp.take('help') || ', ' || pg_temp.take('help'),
          'taken help, taken help', 'without an id nothing is the same');
select is(pg_temp.take('help', id => 20), 'taken help', 'one without an id');
select throws_ok('select pg_temp.take(''stop'', id => 20)', '23505', null,
                 'an id that another message has is no repetition');
select is(count(*)::int, 6, 'one answer each') from message;

-- STOP

select is(pg_temp.take('stop', '33600000020'), 'taken stopped_all',
          'nobody has written: from all');
select is(pg_temp.blocks('33600000020'), 'all sms', 'blocked for all');
select is(pg_temp.answer(), 'stopped_all', 'and told so');
select is(pg_temp.kept(), 'stop', 'so it is kept');

select pg_temp.wrote(2), pg_temp.wrote(1), pg_temp.wrote(null),
       pg_temp.wrote(2, '33600000019') \gset ignore_
select is(pg_temp.take('stop'), 'taken stopped',
          'STOP to the one who wrote last');
select is(pg_temp.blocks(), '1 sms', 'is a block for him');
select is(pg_temp.answer(), 'stopped 1', 'and told so');
select is(pg_temp.kept(), 'stop from 1', 'so it is kept');
select is(pg_temp.blocks('33600000019'), null, 'another number is another''s');
insert into op (id, key) values (7, 'e');
select count(*) from pg_temp.create_ops() \gset ignore_
select is(pg_temp.begin_one(7, 70), 'blocked_by_subscriber',
          'he is charged no more');
select is(pg_temp.take('stop'), 'taken stopped', 'again');
select is(pg_temp.blocks(), '1 sms', 'is the same');
select pg_temp.wrote(2) \gset ignore_
select is(pg_temp.take('stop'), 'taken stopped',
          'when another one writes');
select is(pg_temp.blocks(), '1 sms, 2 sms', 'he is stopped, too');

select is(pg_temp.take('stop_all'), 'taken stopped_all',
          'STOPALL, whoever has written');
select is(pg_temp.blocks(), '1 sms, 2 sms, all sms', 'stops all');
select is(pg_temp.answer(), 'stopped_all', 'and is told so');
select is(pg_temp.kept(), 'stop_all', 'so it is kept');

-- a mail has no number: a receipt by mail is no message to a phone

select message_add(nextval('pg_temp.ids'), 'm', 'receipt', 60000, null, 1,
                   null, null, null, '\xee', null) \gset ignore_
select is(pg_temp.take('stop', '33600000021'),
          'taken stopped_all', 'mail does not count');

-- what has not reached the phone is no letter either

create temp table letter as
select s.state, s.read, n as nth, '3360000010' || n as number
  from (select *, row_number() over () as n
          from (values ('s', true), ('b', true), ('d', true), ('q', false),
                       ('n', false), ('u', false), ('x', false),
                       ('f', false)) v (state, read)) s;
select count(pg_temp.wrote(2, number)) from letter \gset ignore_
select count(pg_temp.wrote(1, number, state)) from letter \gset ignore_
select is(pg_temp.take('stop', number) || ': ' || pg_temp.blocks(number),
          'taken stopped: ' || case when read then '1' else '2' end || ' sms',
          format('STOP after a message that is %s',
                 message_state(state::"char")))
  from letter order by nth;

-- a merchant whose last message has not reached the phone has written before

select pg_temp.wrote(2, '33600000112'), pg_temp.wrote(1, '33600000112'),
       pg_temp.wrote(1, '33600000112', 'u'),
       pg_temp.wrote(1, '33600000112', 'x') \gset ignore_
select is(pg_temp.take('stop', '33600000112') || ': '
          || pg_temp.blocks('33600000112'), 'taken stopped: 1 sms',
          'STOP when the last messages were not delivered, but one before');

-- a message of a test payment, which may be of any number

create function pg_temp.tested(merchant int, number text) returns void
language sql
as $$
select message_add(nextval('pg_temp.ids'), 's', 'receipt', 60000, 1, merchant,
                   'demo_fr', 'fr', sha256(number::bytea), '\xbb', null);
update message m set state = 'd' where m.id = (select max(id) from message);
select last_sender_note(array[m.id], array[m.payment_id],
                        array[m.merchant_id], array[m.recipient_index])
  from message m
 where m.id = (select max(id) from message);
$$;
create function pg_temp.modes(number text) returns text
language sql
as $$
select string_agg(coalesce(merchant_id::text, 'all') || ' '
                  || case when live then 'both' else 'test' end, ', '
                  order by merchant_id)
  from block where msisdn_index = sha256(number::bytea);
$$;
select pg_temp.wrote(1, '33600000110'), pg_temp.tested(2, '33600000110'),
       pg_temp.tested(2, '33600000111') \gset ignore_
select is(pg_temp.take('stop', '33600000110'), 'taken stopped',
          'STOP after a message and one of a test payment');
select is(pg_temp.modes('33600000110'), '1 both',
          'stops the merchant of the first, in both modes');
select is(pg_temp.take('stop', '33600000111'), 'taken stopped',
          'STOP after one of a test payment alone');
select is(pg_temp.modes('33600000111'), '2 test',
          'stops its merchant in test mode');
select is(pg_temp.take('stop_all', '33600000111'), 'taken stopped_all',
          'STOPALL');
select is(pg_temp.modes('33600000111'), '2 test, all both',
          'stops all, in both modes');

-- without an answer

select pg_temp.wrote(1, '33600000022') \gset ignore_
select is(split_part(pg_temp.take('stop', '33600000022',
                                  quiet => true), ' ', 1),
          'taken', 'quiet');
select is(pg_temp.blocks('33600000022'), '1 sms', 'does what it says');
select is_empty('select * from message where kind <> ''pin'''
                ' and recipient_index = sha256(''33600000022'')',
                'and says nothing');

-- an answer for a payment

select pg_temp.wrote(2, '33600000023') \gset ignore_
select is(pg_temp.take('answer', '33600000023', payment => 1),
          'taken answered', 'an answer');
select is(pg_temp.answer(), 'answered 1 1',
          'about the payment and its merchant, whoever wrote last');
select is(pg_temp.kept(), 'answer for 1', 'kept with it');
select is(pg_temp.take('answer', '33600000024', payment => 1),
          'taken answered', 'one to whom nobody has written');
select is(pg_temp.answer(), 'answered 1 1', 'the same');
select is(pg_temp.take('answer', '33600000023'),
          'taken code_unknown', 'an answer to nothing');
select is(pg_temp.take('ask', '33600000023', payment => 1, reply_id => 31),
          'taken ask', 'an answer that is asked for the payer''s word');
select is(pg_temp.kept(), 'ask for 1', 'kept with its payment');
select results_eq('select kind, merchant_id, payment_id, body from message'
    ' where id = 31', $$values ('ask', 1, 1::bigint, '\xc0'::bytea)$$,
    'the question has merchant, payment and the sealed code');
select is(pg_temp.take('pay', '33600000023', payment => 1),
          'taken agreed', 'the payer''s word');
select is(pg_temp.answer(), 'agreed 1 1',
          'is answered in the payment''s name');
select is(pg_temp.kept(), 'pay for 1', 'and kept with the payment');
select is(pg_temp.take('pay', '33600000024'), 'taken code_unknown',
          'the payer''s word for nothing');
select is(pg_temp.blocks('33600000023'), null, 'and nobody is stopped');

-- words that mean nothing

select is(pg_temp.take('none', '33600000025'), 'taken help',
          'a word that means nothing');
select is(pg_temp.take('none', '33600000025') || ', '
          || pg_temp.take('none', '33600000025'), 'taken, taken',
          'is answered once');
select is(pg_temp.take('help', '33600000025'), 'taken help',
          'who asks is answered');
select is(pg_temp.take('none', '33600000026'), 'taken help',
          'and so is another number');
update mo set at = at - 86400001 where sender_index = sha256('33600000025');
select is(pg_temp.take('none', '33600000025'), 'taken help',
          'once a day');
select is(pg_temp.take('none', '33600000025'), 'taken', 'not twice');
select is(count(*)::int, 6, 'all are kept') from mo
 where sender_index = sha256('33600000025');

-- a phone that asks on and on

select is(string_agg(pg_temp.take('help', '33600000029'), ', '),
          repeat('taken help, ', 9) || 'taken help', 'ten answers an hour')
  from generate_series(1, 10);
select is(pg_temp.take('info', '33600000029'), 'taken', 'no more');
select is(pg_temp.take('stop', '33600000029'), 'taken', 'not even to STOP');
select is(pg_temp.blocks('33600000029'), 'all sms', 'which is obeyed');
select is(count(*)::int, 10, 'and so it is written') from message
 where recipient_index = sha256('33600000029');
update mo set at = at - 3600001 where sender_index = sha256('33600000029');
select is(pg_temp.take('info', '33600000029'), 'taken info', 'an hour later');

-- a merchant's word

select ok(stop_subscriber(1, false, 200, 'merchant'),
          'a merchant stops his subscriber');
select is(pg_temp.blocks('33600000001'), '1 merchant', 'for himself');
select ok(stop_subscriber(1, false, 200, 'merchant'), 'again');
select is(pg_temp.blocks('33600000001'), '1 merchant', 'is the same');
insert into op (id, key, pseudonym) values (8, 'f', 200);
select is(result, 'blocked_by_subscriber', 'he is charged no more')
  from pg_temp.create_ops();
select ok(not stop_subscriber(m, l, p, 'merchant'),
          format('no: %s %s %s', m, l, p))
  from (values (2, false, 200), (1, true, 200), (1, false, 204),
               (1, false, 999)) v (m, l, p);
select is(pg_temp.blocks('33600000001'), '1 merchant', 'nobody else''s');
select ok(stop_subscriber(1, false, 203, 'merchant'),
          'one who was erased, too');
select is(pg_temp.blocks('33600000003'), '1 merchant', 'by his number');

-- the link in a receipt

select is(pg_temp.begin_one(2, 20, '33600000027'), 'processing', 'begun');
select count(*) from pg_temp.finish(2, 'succeeded') \gset ignore_
select ok(stop_subscriber(merchant_id, live, pseudonym_id, 'receipt'), what)
  from payment p, unnest(array['a payment''s link', 'again']) what
 where p.id = 2;
select is(pg_temp.blocks('33600000027'), '1 receipt',
          'stops its merchant for its line');
select is(pg_temp.modes('33600000027'), '1 test',
          'in its mode: anybody may pay in test mode with any number');
select is(pg_temp.modes('33600000001'), '1 test', 'as a merchant''s key has');

select * from finish();
rollback;
