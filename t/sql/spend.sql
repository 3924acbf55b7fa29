-- What lines may spend: the limits, their periods, and what counts in them.

\ir lib/fixture.sql

select * from no_plan();

-- The configuration of a worker, as it comes now.
create function pg_temp.configure(limits text, later int default 0)
returns void
language sql
as $$
select spend_configure(limits, now_ms() + later);
$$;

-- Counts some amounts of one batch at an instant, each on its line; why not.
create function pg_temp.reserve(numbers text[], amounts bigint[],
    at timestamptz default now(), merchants int[] default null,
    operator text default 'demo_fr',
    live bool default false, currency text default 'EUR')
returns text[]
language sql
as $$
select array(select coalesce(r.reason[i], '-')
               from generate_subscripts(numbers, 1) i)
  from spend_reserve(
       array(select generate_subscripts(numbers, 1)),
       array(select sha256(n::bytea) from unnest(numbers) n),
       array(select live from unnest(numbers)),
       array(select operator from unnest(numbers)),
       coalesce(merchants, array(select 1 from unnest(numbers))),
       array(select currency from unnest(numbers)), amounts, null,
       spend_caps(array[operator],
                  (extract(epoch from at) * 1000)::bigint), true) r;
$$;

create function pg_temp.one(number text, amount bigint,
    at timestamptz default now(), merchant int default 1,
    operator text default 'demo_fr',
    live bool default false, currency text default 'EUR')
returns text
language sql
as $$
select (pg_temp.reserve(array[number], array[amount], at, array[merchant],
                        operator, live, currency))[1];
$$;

create function pg_temp.totals(number text, merchant int default 0)
returns text
language sql
as $$
select format('%s: %s %s %s', day, day_total, week_total, month_total)
  from spend where msisdn_index = sha256(number::bytea)
   and not live and merchant_id = merchant;
$$;

-- A worker, by its number.
create function pg_temp.worker() returns int
language sql
as $$
select number from worker_start('', 'spend');
$$;

-- no limits

select is(pg_temp.one('1', 100000, '2026-03-04 12:00Z'), '-', 'no limit');
select is(pg_temp.totals('1'), '2026-03-04: 100000 100000 100000',
          'but it counts');

-- limits

select pg_temp.configure('[
    {"operator":"demo_fr","apart":false,"time_zone":"Europe/Paris",
     "max_payment":5000,"max_day":10000,"max_week":20000,"max_month":30000}]')
    \gset ignore_

select is(pg_temp.one('2', 5001, '2026-03-02 12:00Z'), 'over_limit',
          'one payment: a cent over');
select is(pg_temp.totals('2'), '1970-01-01: 0 0 0', 'nothing counts');
select is(pg_temp.one('2', 5000, '2026-03-02 12:00Z'), '-', 'the limit');
select is(pg_temp.one('2', 5000, '2026-03-02 13:00Z'), '-', 'twice: a day');
select is(pg_temp.one('2', 1, '2026-03-02 14:00Z'), 'limit_day',
          'a cent more that day');
select is(pg_temp.one('2', 1, '2026-03-02 22:59:59.999Z'), 'limit_day',
          'the day lasts until midnight of the operator');
select is(pg_temp.one('2', 5000, '2026-03-02 23:00Z'), '-',
          'then another begins');
select is(pg_temp.one('2', 5000, '2026-03-08 12:00Z'), '-', 'Sunday');
select is(pg_temp.one('2', 1, '2026-03-08 22:59:59Z'), 'limit_week',
          'the week lasts until Sunday');
select is(pg_temp.one('2', 5000, '2026-03-08 23:00Z'), '-', 'Monday');
select is(pg_temp.one('2', 5000, '2026-03-30 12:00Z'), '-',
          'the limit of the month');
select is(pg_temp.one('2', 1, '2026-03-31 21:59:59.999Z'), 'limit_month',
          'the month lasts until its end');
select is(pg_temp.totals('2'), '2026-03-30: 5000 5000 30000',
          'what was refused counts in nothing');
select is(pg_temp.one('2', 5000, '2026-03-31 22:00Z'), '-',
          'another month, in the same week');
select is(pg_temp.totals('2'), '2026-04-01: 5000 10000 5000',
          'the week goes on');

-- the last of several limits that are reached is named, for it lasts longest

select is(pg_temp.reserve('{3,3,3,3}', '{5000,5000,5000,1}',
                          '2026-02-02 12:00Z'),
          '{-,-,limit_day,limit_day}', 'several of one line in a batch');
select is(pg_temp.reserve('{3,3,4,3,4}', '{5000,4000,5000,1500,5000}',
                          '2026-02-03 12:00Z'),
          '{-,-,-,limit_week,-}', 'of two lines');
select is(pg_temp.one('3', 1000, '2026-02-03 12:00Z'), '-',
          'one that was refused does not stand in the way of a smaller one');
select is(pg_temp.reserve('{5,5,5}', '{4000,5001,1000}',
                          '2026-02-02 12:00Z'),
          '{-,over_limit,-}', 'nor in the batch');
select is(pg_temp.totals('3'), '2026-02-03: 10000 20000 20000',
          'the sums of a batch');

-- days when the clocks change

select is(c.day, v.day::date, 'Paris: ' || at)
  from (values ('2026-03-28 22:59:59.999Z', '2026-03-28'),
               ('2026-03-28 23:00Z', '2026-03-29'),
               ('2026-03-29 21:59:59.999Z', '2026-03-29'),
               ('2026-03-29 22:00Z', '2026-03-30'),
               ('2026-10-24 21:59:59.999Z', '2026-10-24'),
               ('2026-10-24 22:00Z', '2026-10-25'),
               ('2026-10-25 22:59:59.999Z', '2026-10-25'),
               ('2026-10-25 23:00Z', '2026-10-26'),
               ('2026-12-31 22:59:59.999Z', '2026-12-31'),
               ('2026-12-31 23:00Z', '2027-01-01'),
               ('2028-02-29 12:00Z', '2028-02-29')) v (at, day)
 cross join lateral unnest(spend_caps('{demo_fr}',
       (extract(epoch from at::timestamptz) * 1000)::bigint)) c;
select is(format('%s %s', c.week, c.month), first, 'the first of ' || at)
  from (values ('2026-03-29 12:00Z', '2026-03-23 2026-03-01'),
               ('2026-03-30 12:00Z', '2026-03-30 2026-03-01'),
               ('2027-01-01 12:00Z', '2026-12-28 2027-01-01'),
               ('2028-02-29 12:00Z', '2028-02-28 2028-02-01')) v (at, first)
 cross join lateral unnest(spend_caps('{demo_fr}',
       (extract(epoch from at::timestamptz) * 1000)::bigint)) c;
select is(pg_temp.one('6', 5000, '2026-10-24 22:00Z'), '-', 'a long day');
select is(pg_temp.one('6', 5000, '2026-10-25 11:00Z'), '-', 'its limit');
select is(pg_temp.one('6', 1, '2026-10-25 22:59:59Z'), 'limit_day',
          'holds for 25 hours');
select is(pg_temp.one('7', 5000, '2026-03-28 23:00Z'), '-', 'a short day');
select is(pg_temp.one('7', 5000, '2026-03-29 12:00Z'), '-', 'its limit');
select is(pg_temp.one('7', 1, '2026-03-29 21:59:59Z'), 'limit_day',
          'holds for 23 hours');
select is(pg_temp.one('7', 1, '2026-03-29 22:00Z'), '-', 'and no longer');

-- time that goes back

select is(pg_temp.one('7', 2, '2026-03-29 21:59:59Z'), '-',
          'late by a moment: it counts in the day that has begun');
select is(pg_temp.totals('7'), '2026-03-30: 3 3 10003',
          'which is not left');

-- the reason that lasts longest is told, whichever part it is of

select pg_temp.configure('[
    {"operator":"demo_cm","apart":false,"max_month":1000},
    {"operator":"demo_cm","apart":true,"max_week":900}]') \gset ignore_
select is(pg_temp.one('20', 1001, operator => 'demo_cm'), 'limit_month',
          'of the line''s month and its week with a merchant the month');
select is(pg_temp.one('20', 901, operator => 'demo_cm'), 'limit_week',
          'the week alone');
delete from spend_limit where operator = 'demo_cm';

-- other lines

select is(pg_temp.one('2', 5000, '2026-03-31 12:00Z', live => true), '-',
          'the other mode has a line of its own');
select is(pg_temp.one('2', 5000, '2026-03-31 12:00Z', operator => 'demo_cm',
                      currency => 'XAF'), '-',
          'another currency is not added up');
select is(pg_temp.totals('2'), '2026-03-31: 5000 5000 5000',
          'its totals start again');

-- configurations

select pg_temp.configure('[{"operator":"demo_fr","apart":false,
    "time_zone":"Europe/Paris","max_payment":4000}]') \gset ignore_
select is(pg_temp.one('8', 4001), 'over_limit',
          'of two configurations the lower limit counts');
select is(pg_temp.one('8', 4000), '-', 'and only that');
select pg_temp.configure('[{"operator":"demo_fr","apart":false,
    "time_zone":"Europe/Paris","max_payment":4000}]', 30000) \gset ignore_
select is(count(*)::int, 2, 'a limit has one row, whoever writes it')
  from spend_limit;
select pg_temp.configure('[{"operator":"demo_fr","apart":false,
    "time_zone":"Europe/Paris","max_payment":4000}]', 70000) \gset ignore_
select is(count(*)::int, 1, 'one that no worker has any more goes')
  from spend_limit;
select pg_temp.configure('[]', 80000) \gset ignore_
select is(count(*)::int, 1, 'but not before its minute is over')
  from spend_limit;
select throws_ok($$select pg_temp.configure('[{"operator":"demo_fr",
    "apart":false,"time_zone":"Europe/Nowhere"}]')$$, '22023', null,
    'a zone that PostgreSQL does not know is refused');
select throws_ok($$select pg_temp.configure('[{"operator":"demo_fr",
    "apart":false,"max_day":0}]')$$, '23514', null,
    'a limit of nothing is refused');

-- each merchant apart

select pg_temp.configure('[
    {"operator":"demo_fr","apart":false,"time_zone":"Europe/Luxembourg",
     "max_month":30000},
    {"operator":"demo_fr","apart":true,"max_week":900}]', 600000)
    \gset ignore_
select is(pg_temp.reserve('{9,9,9,9}', '{900,1,900,4000}', '2026-05-04Z',
                          '{1,1,2,3}'),
          '{-,limit_week,-,limit_week}', 'a week with each merchant');
select is(pg_temp.totals('9'), '2026-05-04: 1800 1800 1800', 'the line');
select is(pg_temp.totals('9', 1), '2026-05-04: 900 900 900',
          'and with one merchant');
select is(pg_temp.totals('9', 3), null, 'nothing of what was refused');

select spend_limit_set(1, 'demo_fr', null, 500, null, null);
select is(pg_temp.one('10', 501, merchant => 1), 'limit_day',
          'a merchant has a lower limit');
select is(pg_temp.one('10', 501, merchant => 2), '-', 'another has not');
select spend_limit_set(1, 'demo_fr', null, 5000, null, null);
select is(pg_temp.one('11', 901, merchant => 1), 'limit_week',
          'a merchant cannot raise a limit');
select spend_limit_set(1, 'demo_fr', null, null, null, null);
select is(count(*)::int, 0, 'taken back') from spend_limit
 where merchant_id > 0;

-- the subscriber's own

select spend_own(encode(sha256('12'), 'hex'), false, 300, null, null, 500);
select is(pg_temp.reserve('{12,12,12}', '{301,300,201}'),
          '{over_limit,-,limit_month}', 'limits of a subscriber');
select spend_own(encode(sha256('12'), 'hex'), false, null, null, null, null);
select is(pg_temp.one('12', 301), '-', 'taken back');
select throws_ok(format('select spend_own(%L, false, %s)',
                        encode(sha256('12'), 'hex'), limits), '23514', null,
                 'none is nothing: ' || limits)
  from unnest(array['0, 1, 1, 1', 'null, null, null, 0',
                    '-1, null, null, null']) as limits;

-- what came to nothing

delete from spend_limit;
insert into subscriber (id, msisdn_index, live, msisdn, operator)
values (500, sha256('13'), false, '\xaa', 'demo_fr');
select is(pg_temp.reserve('{13,13,13,13}', '{1,20,300,400}', at), '{-,-,-,-}',
          'counted: ' || at)
  from unnest(array['2026-07-31 12:00Z', '2026-08-01 12:00Z',
                    '2026-08-02 12:00Z']::timestamptz[]) at;
insert into payment (id, amount, expires, attempt, subscriber_id, merchant_id,
                     spend_day, events, live, state, currency, category)
select 5000 + n, amount, 0, 1, 500, 1, day::date, 0, false, 'f', 'EUR', 'd'
  from (values (1, 1, '2026-07-31'), (2, 20, '2026-08-01'),
               (3, 300, '2026-08-02'), (4, 400, '2026-08-02'),
               (5, 300, '2026-08-02'), (6, 7, null)) v (n, amount, day);
select is(pg_temp.totals('13'), '2026-08-02: 721 2163 1442',
          'three days, two months, one week');
select spend_release('{5001}', '{1}');
select is(pg_temp.totals('13'), '2026-08-02: 721 2162 1442',
          'a month that has gone by is left alone');
select spend_release('{5002,5006}', '{20,7}');
select is(pg_temp.totals('13'), '2026-08-02: 721 2142 1422',
          'so is a day; and what holds nothing takes nothing back');
select spend_release('{5003,5004}', '{300,400}');
select is(pg_temp.totals('13'), '2026-08-02: 21 1442 722',
          'two of one day');
select is(pg_temp.one('13', 5, '2026-09-07 12:00Z'), '-', 'another month');
select spend_release('{5005}', '{300}');
select is(pg_temp.totals('13'), '2026-09-07: 5 5 5',
          'nothing is taken from a period in which it was not counted');

-- charges of a subscriber: succeeded, failed and unknown

select pg_temp.configure('[{"operator":"demo_fr","apart":false,
    "time_zone":"Europe/Paris","max_day":1000}]') \gset ignore_

insert into op (id, key, amount, pseudonym)
select i, 'spend ' || i, 400, 200 from generate_series(1, 3) i;
select results_eq('select result from pg_temp.create_ops()',
    $$values ('processing'), ('processing'), ('limit_day')$$,
    'charges until the limit');
insert into op (id, key, amount, pseudonym) values (3, 'spend 3', 400, 200);
select is(result, 'limit_day', 'sent again: the same')
  from pg_temp.create_ops();
select results_eq('select state::text, consent_id, spend_day, failure_code'
    ' from payment where id = 3',
    $$values ('r', null::bigint, null::date, 'limit_day')$$,
    'an intent that holds nothing');
select results_eq('select id, spend_day = (now() at time zone'
    ' ''Europe/Paris'')::date from payment where id in (1, 2) order by id',
    $$values (1::bigint, true), (2, true)$$, 'the others say in which day');
select is(failure_code, null, 'and it has not failed yet')
  from payment_view where id = 3;
select is(state, 'failed', 'it fails')
  from pg_temp.finish(3, 'failed', 'limit_exceeded');
insert into op (id, key, amount, pseudonym)
values (4, 'spend 1', 200, 200), (5, 'spend 5', 201, 200);
select results_eq('select result from pg_temp.create_ops()',
    $$values ('in_flight'), ('limit_day')$$,
    'neither a key that was used nor a failure counts');
select count(*) from pg_temp.finish(1, 'unknown') \gset ignore_
insert into op (id, key, amount, pseudonym) values (6, 'spend 6', 201, 200);
select is(result, 'limit_day', 'what is unknown counts')
  from pg_temp.create_ops();
select count(*) from pg_temp.finish(1, 'succeeded') \gset ignore_
insert into op (id, key, amount, pseudonym) values (7, 'spend 7', 201, 200);
select is(result, 'limit_day', 'what was charged counts')
  from pg_temp.create_ops();
select count(*) from pg_temp.finish(2, 'failed', 'generic_decline')
       \gset ignore_
select count(*) from pg_temp.finish(2, 'failed', 'generic_decline')
       \gset ignore_
insert into op (id, key, amount, pseudonym)
values (8, 'spend 8', 601, 200), (9, 'spend 9', 600, 200);
select results_eq('select result from pg_temp.create_ops()',
    $$values ('limit_day'), ('processing')$$,
    'what has failed is taken back, once');

-- a payment that counts in a later day, since its line has it already

delete from spend_limit;
update spend set day = (now() + '40 days')::date
 where msisdn_index = sha256('33600000001');
insert into op (id, key, amount, pseudonym)
values (21, 'spend 21', 50, 200), (22, 'spend 22', 7, 200);
select count(*) from pg_temp.create_ops() \gset ignore_
select is(array_agg(distinct spend_day), array[(now() + '40 days')::date],
          'a late charge keeps the day in which it counts') from payment
 where id in (21, 22);
select day_total, month_total from spend
 where msisdn_index = sha256('33600000001') and merchant_id = 0
       \gset before_
select count(*) from pg_temp.finish(21, 'failed', 'generic_decline')
       \gset ignore_
select is(format('%s %s', day_total, month_total),
          format('%s %s', :before_day_total - 50, :before_month_total - 50),
          'and is taken back from it') from spend
 where msisdn_index = sha256('33600000001') and merchant_id = 0;
insert into op (id, key, amount) values (23, 'spend 23', 50);
select count(*) from pg_temp.create_ops() \gset ignore_
select is(pg_temp.begin_one(23, 123, '33600000001'), 'processing',
          'a page of this line');
select count(*) from pg_temp.finish(23, 'failed', 'generic_decline')
       \gset ignore_
select is(day_total, :before_day_total::bigint - 50, 'counts in no other day')
  from spend where msisdn_index = sha256('33600000001');

-- a currency, and a merchant's limit, that change while a payment is in flight

insert into subscriber (id, msisdn_index, live, msisdn, operator)
values (501, sha256('21'), false, '\xaa', 'demo_fr');
insert into pseudonym (id, merchant_id, subscriber_id, live, known_since,
                       consent_id, later_max, currency)
values (501, 1, 501, false, 0, 95, 10000, 'EUR');
insert into op (id, key, amount, pseudonym) values (31, 'spend 31', 400, 501);
select count(*) from pg_temp.create_ops() \gset ignore_
select is(pg_temp.one('21', 5, operator => 'demo_cm', currency => 'XAF'), '-',
          'the line moves to another currency');
select is(pg_temp.one('21', 300), '-', 'and back');
select count(*) from pg_temp.finish(31, 'failed', 'generic_decline')
       \gset ignore_
select is(month_total, 300::bigint,
          'what counted before is not taken from what counts now')
  from spend where msisdn_index = sha256('21') and merchant_id = 0;

select spend_limit_set(1, 'demo_fr', null, null, null, 5000);
insert into op (id, key, amount, pseudonym) values (33, 'spend 33', 100, 200);
select count(*) from pg_temp.create_ops() \gset ignore_
select spend_limit_set(1, 'demo_fr', null, null, null, null);
insert into op (id, key, amount, pseudonym) values (34, 'spend 34', 100, 200);
select count(*) from pg_temp.create_ops() \gset ignore_
select spend_limit_set(1, 'demo_fr', null, null, null, 5000);
select count(*) from pg_temp.finish(34, 'failed', 'generic_decline')
       \gset ignore_
select is(month_total, 100::bigint,
          'a merchant''s total gives back what it has counted, and no more')
  from spend where msisdn_index = sha256('33600000001') and merchant_id = 1
   and not unasked;
select count(*) from pg_temp.finish(33, 'failed', 'generic_decline')
       \gset ignore_
select is(month_total, 0::bigint, 'and that')
  from spend where msisdn_index = sha256('33600000001') and merchant_id = 1
   and not unasked;
select spend_limit_set(1, 'demo_fr', null, null, null, null);
select pg_temp.configure('[{"operator":"demo_fr","apart":false,
    "time_zone":"Europe/Paris","max_day":1000}]') \gset ignore_

-- checkouts

insert into op (id, key, amount) select i, 'page ' || i, 400
  from generate_series(11, 17) i;
select count(*) from pg_temp.create_ops() \gset ignore_
select is(pg_temp.begin_one(11, 111), 'processing', 'a page');
select is(pg_temp.begin_one(11, 111), 'processing',
          'sent again: it counts once');
select is(pg_temp.begin_one(12, 112), 'processing', 'another');
select is(pg_temp.begin_one(13, 113), 'limit_day', 'one too many');
select is(state, 'p', 'waits') from payment where id = 13;
select is(count(*)::int, 0, 'without a consent') from consent
 where payment_id = 13;
select is(pg_temp.begin_one(13, 114, '33600000010'), 'processing',
          'for another line');
select is(month_total, 800::bigint, 'the line has spent two payments')
  from spend where msisdn_index = sha256('33600000009');
select count(*) from pg_temp.finish(12, 'failed', 'generic_decline')
       \gset ignore_
select is(pg_temp.begin_one(14, 115), 'processing',
          'after a failure there is room again');
select is(array_agg(result order by ord), '{processing,processing,limit_day}',
          'three of one line in a batch')
  from pg_temp.begin_all('{15,16,17}', '{116,117,118}',
       '{demo_fr,demo_fr,demo_fr}', '{315,316,317}',
       array[sha256('n'), sha256('n'), sha256('n')], '{415,416,417}') b;

-- blocks

select is(pg_temp.totals('14'), null, 'a line that has never paid');
select block_add(encode(sha256('14'), 'hex'), null, 'test') \gset ignore_
select is(count(*)::int, 2, 'is locked by its block in both modes')
  from spend where msisdn_index = sha256('14');
select is(pg_temp.one('14', 1), 'blocked_by_subscriber', 'and pays nothing');
select is(pg_temp.totals('14'), '1970-01-01: 0 0 0', 'so nothing counts');

-- what is reserved, captured and paid back

create function pg_temp.spent() returns text
language sql
as $$
select format('%s %s %s', day_total, week_total, month_total) from spend
 where msisdn_index = sha256('33600000011') and merchant_id = 0;
$$;

delete from spend_limit;
insert into op (id, key, amount, manual) values (41, 'hold 41', 400, true),
       (42, 'hold 42', 100, true), (43, 'hold 43', 50, true);
select count(*) from pg_temp.create_ops() \gset ignore_
select is(string_agg(pg_temp.begin_one(i, i + 100, '33600000011'), ' '),
          'processing processing processing', 'three reservations')
  from unnest(array[41, 42, 43]) i;
select count(*) from unnest(array[41, 42, 43]) i,
       pg_temp.finish(i, 'reserved') \gset ignore_
select is(pg_temp.spent(), '550 550 550', 'count');
select count(*) from payment_capture(1, false, 41, 150, 7) \gset ignore_
select is(pg_temp.spent(), '300 300 300',
          'what is not captured counts no more');
select count(*) from payment_capture(1, false, 41, 150, 7) \gset ignore_
select is(pg_temp.spent(), '300 300 300', 'and is taken back once');
select count(*) from payment_capture(1, false, 42, 10, 7) \gset ignore_
select count(*) from payment_capture(1, false, 43, null, 7) \gset ignore_
select is(pg_temp.spent(), '210 210 210', 'a whole capture counts wholly');
select count(*) from pg_temp.finish(42, 'failed', 'reservation_ended')
       \gset ignore_
select is(pg_temp.spent(), '200 200 200',
          'a capture that fails takes its part back, and no more');
select count(*) from pg_temp.finish(41, 'succeeded') \gset ignore_
select is(pg_temp.spent(), '200 200 200', 'one that succeeds nothing');

select count(*) from refund_begin(51, 1, false, 41, 60, null,
    md5('refund 51')::uuid, md5('')::uuid) \gset ignore_
select is(spend_restores('demo_fr'), false, 'without a word of the operator');
select count(*) from refund_finish(51, 'succeeded', null, null, null, null)
       \gset ignore_
select is(pg_temp.spent(), '200 200 200', 'what is paid back counts');
select pg_temp.configure('[{"operator":"demo_fr","apart":false,
    "restores":true}, {"operator":"demo_fr","apart":true}]') \gset ignore_
select is(spend_restores('demo_fr'), true, 'the operator agrees');
select count(*) from refund_begin(52, 1, false, 41, 50, null,
    md5('refund 52')::uuid, md5('')::uuid) \gset ignore_
select is(pg_temp.spent(), '200 200 200', 'a refund in flight counts');
select count(*) from refund_finish(52, 'unknown', null, null, null, null)
       \gset ignore_
select is(pg_temp.spent(), '200 200 200', 'one that is unknown, too');
select count(*) from refund_finish(52, 'succeeded', null, null, null, null)
       \gset ignore_
select count(*) from refund_finish(52, 'succeeded', null, null, null, null)
       \gset ignore_
select is(pg_temp.spent(), '150 150 150',
          'what is paid back may be spent again, once');
select count(*) from refund_begin(53, 1, false, 41, 40, null,
    md5('refund 53')::uuid, md5('')::uuid) \gset ignore_
select count(*) from refund_finish(53, 'failed', 'generic_decline', null,
                                   null, null) \gset ignore_
select is(pg_temp.spent(), '150 150 150', 'a refund that fails gives nothing');
update spend set day = day + 40, day_total = 0, week_total = 0, month_total = 0
 where msisdn_index = sha256('33600000011');
select count(*) from refund_begin(54, 1, false, 41, 40, null,
    md5('refund 54')::uuid, md5('')::uuid) \gset ignore_
select count(*) from refund_finish(54, 'succeeded', null, null, null, null)
       \gset ignore_
select is(pg_temp.spent(), '0 0 0', 'nor one of a month that is over');

-- a row that is not where it was read, as when it was written without the
-- lock of its line, is an error, and not an amount that counts in nothing

create function pg_temp.elsewhere() returns trigger
language plpgsql
as 'begin return null; end';

create trigger elsewhere before update on spend
    for each row execute function pg_temp.elsewhere();
select throws_ok($$select pg_temp.one('11', 1)$$, 'P0001', null,
                 'what cannot be counted is not charged');
select throws_ok($$select spend_release('{41}', '{1}')$$, 'P0001', null,
                 'what cannot be taken back is owed');
drop trigger elsewhere on spend;

-- where configurations differ

select is(spend_differing(now_ms()), 0, 'one configuration');
select pg_temp.configure('[{"operator":"demo_fr","apart":false},
    {"operator":"demo_fr","apart":true}]') \gset ignore_
select is(spend_differing(now_ms()), 1, 'two of an operator differ');
select is(spend_restores('demo_fr'), false, 'one of them says no');
select pg_temp.configure('[{"operator":"demo_fr","apart":false},
    {"operator":"demo_fr","apart":true,"max_week":900}]') \gset ignore_
select is(spend_differing(now_ms()), 1, 'in two ways, one operator');
select is((worker_renew(pg_temp.worker(), 'spend')).differing, 1,
          'each worker is told');
select is(spend_differing(now_ms() + 60001), 0,
          'not for longer than a worker says it');

select * from finish();
rollback;
