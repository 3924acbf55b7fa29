-- payment_finish: outcomes, journals, events, what is owed; first one wins.

\ir lib/fixture.sql

select * from no_plan();

select pg_temp.charge_of(array(select generate_series(1, 40))::bigint[])
       \gset ignore_

-- one success

select results_eq('select * from pg_temp.finish_all(''{1}'', ''{succeeded}'','
    ' ''{null}'', ''{op-1}'')',
    $$values (1, 'applied', 'succeeded', false, null::text, false)$$,
    'succeeded');
select results_eq('select state::text, outcome_unknown, failure_code,'
    ' operator_reference, events::int from payment where id = 1',
    $$values ('s', false, null::text, 'op-1', 1)$$, 'stored');
select results_eq('select account, amount, currency, operation::int'
    ' from entry where payment_id = 1 order by leg',
    $$values ('test:operator:demo_fr:receivable', 499::bigint, 'EUR', 1),
             ('test:operator:demo_fr:share', -125, 'EUR', 1),
             ('test:tax:FR', -83, 'EUR', 1),
             ('test:platform:revenue', -35, 'EUR', 1),
             ('test:merchant:1:payable', -256, 'EUR', 1)$$, 'posted');
select is(contract_id, (select id from contract where operator = 'demo_fr'),
          'the journal names the contract') from journal;
select results_eq('select seq::int, type, state,'
    ' at between now_ms() - 5000 and now_ms() from event_view'
    ' where payment_id = 1',
    $$values (1, 'payment.succeeded', 'succeeded', true)$$, 'told');
select results_eq('select endpoint_id, seq::int, attempts, token,'
    ' due_at <= now_ms() from outbox order by 1',
    $$values (1, 1, 0, null::bigint, true), (2, 1, 0, null, true)$$,
    'owed at once to each enabled endpoint of the merchant and mode');
select is_empty('select 1 from payment_due where payment_id = 1',
                'nobody must look at it any more');

-- What is posted was rated when the payment began: neither the end of its
-- contract nor the terms of the next one change that.

update contract set valid_to = now_ms() - 5
 where merchant_id = 1 and operator = 'demo_fr';
do $$
begin
    perform contract_add(1, 'demo_fr', now_ms() - 5, null, 1000, 100,
                         1);
end
$$;
select is(result, 'applied', 'a charge of before the new contract')
  from pg_temp.finish(39, 'succeeded');
select is(amounts, '{499,-125,-83,-35,-256}', 'is posted by the old one')
  from journal where payment_id = 39;
select pg_temp.charge_of('{41}') \gset ignore_
select is(result, 'applied', 'a charge of after it')
  from pg_temp.finish(41, 'succeeded');
select is(amounts, '{499,-42,-83,-6,-368}', 'is posted by the new one')
  from journal where payment_id = 41;
select is(share + tax + fee, 131::bigint, 'as it was rated') from payment
 where id = 41;

-- a failure

select results_eq('select * from pg_temp.finish_all(''{2}'', ''{failed}'','
    ' ''{insufficient_funds}'', ''{op-2}'')',
    $$values (1, 'applied', 'failed', false, 'insufficient_funds', false)$$,
    'failed');
select is_empty('select 1 from journal where payment_id = 2',
                'nothing is posted');
select results_eq('select seq::int, type, state, failure_code'
    ' from event_view where payment_id = 2',
    $$values (1, 'payment.failed', 'failed', 'insufficient_funds')$$, 'told');
select is(count(*)::int, 2, 'owed') from outbox where payment_id = 2;

-- final

create temp table final as select * from payment where id in (1, 2);
select results_eq('select * from pg_temp.finish_all(''{1,2,2}'','
    ' ''{failed,succeeded,unknown}'', ''{declined,null,null}'','
    ' ''{x,y,z}'')',
    $$values (1, 'conflict', 'succeeded', false, null, false),
             (2, 'conflict', 'failed', false, 'insufficient_funds', false),
             (3, 'already', 'failed', false, 'insufficient_funds', false)$$,
    'the first outcome stays');
select results_eq('select * from payment where id in (1, 2) order by id',
                  'select * from final order by id', 'to the letter');
select results_eq('select payment_id, operation::int, amounts from journal'
    ' where payment_id in (1, 2) order by 1',
    $$values (1::bigint, 1, '{499,-125,-83,-35,-256}'::bigint[]),
             (2, 1, '{499,-499}')$$,
    'the charge that is not recorded stands in suspense');
select is(count(*)::int, 3, 'an event more') from event_view
 where payment_id in (1, 2);
select throws_ok('update payment set state = ''f'' where id = 1', '23001',
                 null, 'nor by anybody else');
select lives_ok('update payment set reference = null where id = 1',
                'other columns are not states');

-- unknown: no event yet, so this one is the answer

select results_eq('select * from pg_temp.finish_all(''{3}'', ''{unknown}'','
    ' ''{null}'', ''{null}'')',
    $$values (1, 'applied', 'processing', true, null::text, false)$$,
    'unknown');
select results_eq('select seq::int, type, state, outcome_unknown, approval'
    ' from event_view where payment_id = 3',
    $$values (1, 'payment.processing', 'processing', true, false)$$,
    'its first event');
select is_empty('select 1 from outbox where payment_id = 3',
                'nobody is told before the end');
select ok(due_at between now_ms() + 3500 and now_ms() + 5500,
          'asked again after 5 s')
  from payment_due where payment_id = 3;
select results_eq('select * from pg_temp.finish_all(''{3}'', ''{unknown}'','
    ' ''{null}'', ''{null}'')',
    $$values (1, 'applied', 'processing', true, null::text, false)$$,
    'unknown again: the answer stays');
select is(count(*)::int, 1, 'no more events') from event_view
 where payment_id = 3;

select results_eq('select * from pg_temp.finish(3, ''succeeded'')',
    $$values (1, 'applied', 'succeeded', false, null::text, false)$$,
    'in the end it is known');
select results_eq('select seq::int, type, state, outcome_unknown'
    ' from event_view where payment_id = 3 order by 1',
    $$values (1, 'payment.processing', 'processing', true),
             (2, 'payment.succeeded', 'succeeded', false)$$,
    'as its next event');
select results_eq('select state, outcome_unknown from payment_first(3)',
                  $$values ('processing', true)$$,
                  'while the first answer stays');
select is(array_agg(seq::int), array[2, 2], 'and that one is owed')
  from outbox where payment_id = 3;

-- unknown, of a payment with a page: its creation was an event already

insert into op (id, key) values (50, 'pending');
select count(*) from pg_temp.create_ops() \gset ignore_
select is(pg_temp.begin_one(50, 500), 'processing', 'begun');
select results_eq('select result, state from pg_temp.finish(50, ''unknown'')',
    $$values ('applied', 'processing')$$, 'unknown');
select results_eq('select seq::int, type, state, operator from event_view'
    ' where payment_id = 50',
    $$values (1, 'payment.created', 'pending', null::text)$$, 'no event');
select is(result, 'applied', 'then known')
  from pg_temp.finish(50, 'failed', 'declined');
select is(max(seq)::int, 2, 'the second event') from event_view
 where payment_id = 50;

-- the schedule: each claim is a try

create temp table schedule (try int, seconds int);
insert into schedule values (0, 5), (1, 15), (2, 60), (3, 300), (4, 900),
    (5, 3600), (6, 21600), (7, 21600), (17, 21600);
create function pg_temp.wait_of(try int) returns numeric language plpgsql as $$
begin
    update payment_due set attempts = try where payment_id = 4;
    perform pg_temp.finish(4, 'unknown');
    return (select (due_at - now_ms()) / 1000.0 from payment_due
             where payment_id = 4);
end
$$;
select ok(pg_temp.wait_of(try) between 0.89 * seconds and 1.1 * seconds,
          format('after %s tries in %s s', try, seconds)) from schedule;
select cmp_ok(count(distinct pg_temp.wait_of(6) / 100)::int, '>', 5,
              'never all at once')
  from generate_series(1, 10);

-- a subscriber whom the operator asks for approval on the handset

select results_eq('select * from pg_temp.finish(29, ''approval'')',
    $$values (1, 'applied', 'processing', false, null::text, true)$$,
    'approval');
select results_eq('select seq::int, type, outcome_unknown, approval'
    ' from event_view where payment_id = 29',
    $$values (1, 'payment.processing', false, true)$$, 'its first event');
select is_empty('select 1 from outbox where payment_id = 29',
                'nobody is told before the end');
select is(approval, true, 'the payment says so')
  from payment_get(1, false, 29);
select ok(due_at between now_ms() + 1000 and now_ms() + 2000,
          'asked again in 2 s') from payment_due where payment_id = 29;
select results_eq('select * from pg_temp.finish(29, ''approval'')',
    $$values (1, 'applied', 'processing', false, null::text, true)$$,
    'still: the answer stays');

create function pg_temp.approval_wait(id bigint, try int) returns numeric
language plpgsql
as $$
begin
    update payment_due set attempts = try where payment_id = $1;
    perform pg_temp.finish($1, 'approval');
    return (select (due_at - now_ms()) / 1000.0 from payment_due
             where payment_id = $1);
end
$$;
select ok(pg_temp.approval_wait(29, try) between 0.89 * s and 1.1 * s,
          format('approval, after %s tries in %s s', try, s))
  from (values (0, 2), (89, 2), (90, 60), (119, 60), (120, 21600),
               (131, 21600)) v (try, s);

-- a question without an answer in between is asked again soon

update payment set attempt = id_first(now_ms()) where id = 29;
update payment_due set attempts = 40 where payment_id = 29;
select results_eq('select outcome_unknown, approval'
    ' from pg_temp.finish(29, ''approval'')', 'values (false, true)',
    'waits for the handset');
select results_eq('select outcome_unknown, approval'
    ' from pg_temp.finish(29, ''unknown'')', 'values (true, false)',
    'no answer');
select ok(due_at between now_ms() + 3500 and now_ms() + 5500,
          'asked again in 5 s') from payment_due where payment_id = 29;
update payment_due set attempts = attempts + 1 where payment_id = 29;
select is(count(*)::int, 1, 'no answer again')
  from pg_temp.finish(29, 'unknown');
select ok(due_at between now_ms() + 12500 and now_ms() + 16500,
          'then in 15 s') from payment_due where payment_id = 29;
select results_eq('select outcome_unknown, approval'
    ' from pg_temp.finish(29, ''approval'')', 'values (false, true)',
    'waits again');
update payment set attempt = id_first(now_ms() - 3600001) where id = 29;
update payment_due set attempts = 40 where payment_id = 29;
select is(count(*)::int, 1, 'no answer, but no prompt is open that long')
  from pg_temp.finish(29, 'unknown');
select ok(due_at > now_ms() + 19000000, 'so there is no hurry')
  from payment_due where payment_id = 29;
update payment set attempt = id where id = 29;

select count(*) from pg_temp.finish(29, 'approval') \gset ignore_
select results_eq('select * from pg_temp.finish(29, ''succeeded'')',
    $$values (1, 'applied', 'succeeded', false, null::text, false)$$,
    'approved');
select results_eq('select approval, outcome_unknown, events::int'
    ' from payment where id = 29', 'values (false, false, 2)', 'stored');
select results_eq('select result, state, approval'
    ' from pg_temp.finish(29, ''approval'')',
    $$values ('already', 'succeeded', false)$$, 'and that is final');
select count(*) from pg_temp.finish(30, 'approval') \gset ignore_
select results_eq('select result, state, failure_code, approval'
    ' from pg_temp.finish(30, ''failed'', ''declined'')',
    $$values ('applied', 'failed', 'declined', false)$$, 'or declined');

select results_eq('select result, outcome_unknown, approval'
    ' from pg_temp.finish_all(''{31,32,33,33,34,34,35,35}'','
    ' ''{approval,unknown,approval,unknown,unknown,approval,approval,'
    'failed}'', array_fill(null::text, ''{8}''),'
    ' array_fill(null::text, ''{8}''))',
    $$values ('applied', false, true), ('applied', true, false),
             ('applied', false, true), ('already', false, true),
             ('applied', true, false), ('already', true, false),
             ('already', false, false), ('applied', false, false)$$,
    'in a batch with others');

-- a merchant knows a line from its first success on

create function pg_temp.known() returns table (id bigint, consent bigint)
language sql
as $$
select id, consent_id from pseudonym
 where id in (1350, 1355) and coalesce(known_since > now_ms() - 60000, true)
 order by id;
$$;

insert into op (id, key) select i, 'line ' || i
  from generate_series(950, 955) i;
select count(*) from pg_temp.create_ops() \gset ignore_
select is(pg_temp.begin_one(i, 9000 + i, case i when 955 then '33600000022'
                            else '33600000021' end), 'processing', 'begun')
  from generate_series(950, 955) i;

select count(*) from pg_temp.finish_all('{950,951,952}',
    '{failed,unknown,approval}', '{declined,null,null}', '{a,b,c}')
       \gset ignore_
select results_eq('select * from pg_temp.known()',
    'values (1350::bigint, null::bigint), (1355, null)',
    'not by a decline, nor while the outcome is unknown');
select count(*) from pg_temp.finish(950, 'succeeded') \gset ignore_
select results_eq('select * from pg_temp.known()',
    'values (1350::bigint, null::bigint), (1355, null)',
    'not by what contradicts the decline');
select count(*) from pg_temp.finish_all('{951,955}', '{succeeded,failed}',
    '{null,declined}', '{a,b}') \gset ignore_
select results_eq('select * from pg_temp.known()',
    'values (1350::bigint, 9951::bigint), (1355, null)',
    'by a success, that line only, and by the consent of that payment');
select ctid as known_at from pseudonym where id = 1350 \gset
select count(*) from pg_temp.finish(952, 'succeeded') \gset ignore_
select count(*) from pg_temp.finish(953, 'failed', 'declined') \gset ignore_
select is(ctid, :'known_at'::tid, 'a later outcome writes nothing there')
  from pseudonym where id = 1350;
select results_eq('select * from pg_temp.known()',
    'values (1350::bigint, 9951::bigint), (1355, null)',
    'and takes nothing back');

-- receipts: with the outcome, once, where an id is given

create function pg_temp.receipts(first bigint, last bigint default null)
returns table (id bigint, channel text, payment_id bigint, recipient bytea,
    locale text)
language sql
as $$
select m.id, m.channel::text, m.payment_id, m.recipient, m.locale
  from message m
 where m.payment_id between first and coalesce(last, first)
 order by m.id;
$$;

insert into op (id, key, pseudonym, locale, email)
values (80, 'r0', 200, 'fr', '\xee80'), (81, 'r1', 200, null, null),
       (82, 'r2', 200, 'en', '\xee82'), (83, 'r3', 200, null, null),
       (84, 'r4', 200, null, '\xee84'), (85, 'r5', 200, null, '\xee85'),
       (86, 'r6', 200, null, '\xee86'), (87, 'r7', 200, null, '\xee87');
select count(*) from pg_temp.create_ops() \gset ignore_

select is(count(*)::int, 1, 'succeeded, both asked for')
  from pg_temp.finish(80, 'succeeded', sms => 8001, mail => 8002);
select results_eq('select id, channel::text, kind, message_state(state),'
    ' merchant_id, payment_id, operator, locale, recipient, recipient_index,'
    ' body, deadline - at, at between now_ms() - 5000 and now_ms()'
    ' from message order by id',
    $$values (8001::bigint, 's', 'receipt', 'queued', 1, 80::bigint,
              'demo_fr', 'fr', '\xaa01'::bytea, sha256('33600000001'),
              null::bytea, 86400000::bigint, true),
             (8002, 'm', 'receipt', 'queued', 1, 80, 'demo_fr', 'fr',
              '\xee80', null, null, 86400000, true)$$,
    'to the line that paid, and to the address');
select results_eq('select message_id, due_at <= now_ms(), attempts, token'
    ' from message_due order by 1',
    'values (8001::bigint, true, 0, null::bigint), (8002, true, 0, null)',
    'to be sent');
select is(result, 'already', 'again')
  from pg_temp.finish(80, 'succeeded', sms => 8003, mail => 8004);
select results_eq('select id from pg_temp.receipts(80)',
                  'values (8001::bigint), (8002)', 'is not told again');
select count(*) from pg_temp.finish(81, 'succeeded', sms => 8101, mail => 8102)
       \gset ignore_
select results_eq('select id from pg_temp.receipts(81)',
                  'values (8101::bigint)', 'no address, no mail');
select count(*) from pg_temp.finish(82, 'succeeded', mail => 8202)
       \gset ignore_
select results_eq('select id, locale from pg_temp.receipts(82)',
                  $$values (8202::bigint, 'en')$$, 'the mail alone');
select count(*) from pg_temp.finish(83, 'failed', 'declined', sms => 8301,
                                    mail => 8302) \gset ignore_
select count(*) from pg_temp.finish(84, 'unknown', sms => 8401, mail => 8402)
       \gset ignore_
select count(*) from pg_temp.finish(85, 'approval', sms => 8501, mail => 8502)
       \gset ignore_
select count(*) from pg_temp.finish(86, 'succeeded') \gset ignore_
select is_empty('select * from pg_temp.receipts(83, 86)',
                'none without success, none without an id');

-- many at once: only the right ones, each its own; sent again, nothing

insert into op (id, key, pseudonym, email)
select 800 + i, 'receipt ' || i, 200,
       case when i % 2 = 0 then decode(to_hex(4096 + i), 'hex') end
  from generate_series(1, 12) i;
select count(*) from pg_temp.create_ops() \gset ignore_
create function pg_temp.receipt_batch() returns setof text
language sql
as $$
select result from payment_finish(
    '{812,801,802,803,804,801,805,806,807,99,80}',
    '{succeeded,succeeded,succeeded,failed,unknown,succeeded,succeeded,
      approval,succeeded,succeeded,succeeded}',
    array_fill(null::text, '{11}'), array_fill(null::text, '{11}'),
    '{9121,9011,null,9031,9041,9013,9051,9061,null,9991,9801}',
    '{9122,9012,9022,9032,9042,9014,null,9062,null,9992,9802}',
    '{812,801,802,803,804,801,805,806,807,99,80}');
$$;
select results_eq('select * from pg_temp.receipt_batch()',
    $$values ('applied'), ('applied'), ('applied'), ('applied'),
             ('applied'), ('already'), ('applied'), ('applied'),
             ('applied'), ('conflict'), ('already')$$, 'a mixed batch');
create temp table told as select * from pg_temp.receipts(801, 812);
select results_eq('select id, payment_id from told',
    'values (9011::bigint, 801::bigint), (9022, 802), (9051, 805),'
    ' (9121, 812), (9122, 812)', 'the right ones');
select is_empty('select t.id from told t join payment p on p.id ='
    ' t.payment_id where t.channel = ''m'' and t.recipient <> p.email',
    'each to its own address');
select results_eq('select * from pg_temp.receipt_batch()',
    $$values ('already'), ('already'), ('already'), ('already'),
             ('applied'), ('already'), ('already'), ('applied'),
             ('already'), ('conflict'), ('already')$$, 'sent again');
select results_eq('select * from pg_temp.receipts(801, 812)', 'table told',
                  'nothing more');
select is(count(*)::int, 5, 'nor to be sent') from message_due
 where message_id > 9000;

-- A subscriber erased meanwhile has no number for an SMS, and a payment
-- without ids for its messages gets no receipt.

update subscriber set msisdn = null where id = 100;
select count(*) from pg_temp.finish(87, 'succeeded', sms => 8701, mail => 8702)
       \gset ignore_
select results_eq('select id, channel from pg_temp.receipts(87)',
                  $$values (8702::bigint, 'm')$$, 'no number, no SMS');
update subscriber set msisdn = '\xaa01' where id = 100;
select results_eq('select result, state from payment_finish(''{84}'','
    ' ''{succeeded}'', ''{null}'', ''{null}'', null, null, ''{84}'')',
    $$values ('applied', 'succeeded')$$, 'no arrays');
select is_empty('select * from pg_temp.receipts(84)', 'no receipts');

-- one payment twice in a batch

select results_eq('select * from pg_temp.finish_all(''{5,5,6,6,7,7,8,8}'','
    ' ''{succeeded,failed,failed,succeeded,unknown,unknown,unknown,failed}'','
    ' ''{null,a,b,null,null,null,null,c}'', ''{1,2,3,4,5,6,7,8}'')',
    $$values (1, 'applied', 'succeeded', false, null, false),
             (2, 'conflict', 'succeeded', false, null, false),
             (3, 'applied', 'failed', false, 'b', false),
             (4, 'conflict', 'failed', false, 'b', false),
             (5, 'applied', 'processing', true, null, false),
             (6, 'already', 'processing', true, null, false),
             (7, 'already', 'failed', false, 'c', false),
             (8, 'applied', 'failed', false, 'c', false)$$,
    'the first outcome wins, and any outcome over none');
select results_eq('select id, operator_reference from payment'
    ' where id between 5 and 8 order by id',
    $$values (5::bigint, '1'), (6, '3'), (7, null), (8, '8')$$,
    'with what came with it');

-- what cannot be finished

insert into op (id, key) values (60, 'waits');
select count(*) from pg_temp.create_ops() \gset ignore_
select results_eq('select result, state from pg_temp.finish_all('
    '''{60,99,60}'','
    ' ''{succeeded,succeeded,unknown}'', ''{null,null,null}'','
    ' ''{null,null,null}'')',
    $$values ('conflict', 'pending'), ('conflict', null),
             ('already', 'pending')$$, 'only what is being charged');
select is_empty('select 1 from journal where payment_id in (60, 99)',
                'nothing is posted');

-- a batch in an order that is not that of its ids, sent twice

create temp table sent as
select 9 + (i * 7) % 20 as id,
       case when i % 3 = 0 then 'failed' else 'succeeded' end as outcome
  from generate_series(1, 20) i;
create function pg_temp.send() returns table (ord int, result text,
    state text)
language sql
as $$
select f.ord, f.result, f.state
  from (select array_agg(id) as ids, array_agg(outcome) as outcomes,
               array_agg(case outcome when 'failed' then 'declined' end) as c,
               array_agg('op-' || id) as refs from sent) s
 cross join lateral pg_temp.finish_all(s.ids, s.outcomes, s.c, s.refs) f;
$$;
create temp table answers as select * from pg_temp.send();
select results_eq('select result, state from answers',
    'select ''applied'', outcome from sent',
    'answers are in the order of the operations');
select results_eq('select result, state from pg_temp.send()',
    'select ''already'', outcome from sent',
    'sent again: the same states, nothing done');
select results_eq('select p.id, p.state::text, p.operator_reference'
    ' from payment p join sent s using (id) order by id',
    'select id::bigint, left(outcome, 1), ''op-'' || id from sent'
    ' order by id', 'each with its own outcome and reference');
select is((select count(*) from journal where payment_id between 9 and 28),
          (select count(*) from sent where outcome = 'succeeded'),
          'one journal a success');

-- live mode tells live endpoints

insert into op (id, key, live, pseudonym) values (70, 'live', true, 201);
select count(*) from pg_temp.create_ops() \gset ignore_
select count(*) from pg_temp.finish(70, 'succeeded') \gset ignore_
select results_eq('select endpoint_id from outbox where payment_id = 70',
                  'values (4)', 'live mode tells its own endpoint');
select ok(bool_and(account !~ 'test:'), 'and has its own accounts')
  from entry where payment_id = 70;

-- many at once: no index is written for an update

select pg_temp.charge_of(array(select generate_series(1001, 1200))::bigint[])
       \gset ignore_
create temp table before as
select sum(n_tup_upd) as n_tup_upd, sum(n_tup_hot_upd) as n_tup_hot_upd
  from pg_stat_xact_user_tables
  join partition p on p.name = 'payment' and relid = p.partition;
select count(*) from pg_temp.finish_all(
    array(select generate_series(1001, 1200))::bigint[],
    array(select 'succeeded' from generate_series(1, 200)),
    array(select null::text from generate_series(1, 200)),
    array(select 'reference' from generate_series(1, 200)))
    \gset ignore_
select results_eq('select sum(s.n_tup_upd) - b.n_tup_upd,'
    ' sum(s.n_tup_hot_upd) - b.n_tup_hot_upd'
    ' from pg_stat_xact_user_tables s, partition p, before b'
    ' where p.name = ''payment'' and relid = p.partition'
    ' group by b.n_tup_upd, b.n_tup_hot_upd',
    'values (200::numeric, 200::numeric)', 'all updates are HOT');

-- the books

select is_empty('select payment_id from entry group by payment_id, currency'
                ' having sum(amount) <> 0', 'every journal sums to zero');
select is_empty('select id from payment p where (state = ''s'') <> exists'
    ' (select from journal j where j.payment_id = p.id'
    '   and cardinality(j.accounts) > 2)',
    'a journal for each success, and for nothing else');
select is_empty('select id from payment p where (state in (''p'', ''r'')) <>'
    ' exists (select from payment_due d where d.payment_id = p.id)',
    'somebody looks at what is not over, and at nothing else');
select is_empty('select id from payment p where events <> (select count(*)'
    ' from event_view e where e.payment_id = p.id and e.refund_id is null)',
    'events are counted');
select is(sum(amount), 0::numeric, 'balances sum to zero') from balance;
select is(sum(amount), (select sum(amount) from payment where state = 's'),
    'receivable is what was charged') from entry e
 where account ~ 'receivable' and exists (
       select from payment p where p.id = e.payment_id and p.state = 's');

select * from finish();
rollback;
