-- What all lines together may spend: limits of merchants, operators and
-- countries, their periods, and what counts in them.

\ir lib/fixture.sql

select * from no_plan();

create function pg_temp.configure(limits text, later int default 0)
returns void
language sql
as $$
select spend_configure(limits, now_ms() + later);
$$;

-- Counts some amounts of one batch, each of a line of its own; why not.
create function pg_temp.reserve(amounts bigint[], merchant int default 1,
    operator text default 'demo_fr', at timestamptz default now(),
    live bool default false, currency text default 'EUR')
returns text[]
language sql
as $$
select array(select coalesce(r.reason[i], '-')
               from generate_subscripts(amounts, 1) i)
  from total_reserve(
       array(select generate_subscripts(amounts, 1)),
       array(select sha256((random() || 'x' || i)::bytea)
               from unnest(amounts) i),
       array(select live from unnest(amounts)),
       array(select operator from unnest(amounts)),
       array(select merchant from unnest(amounts)),
       array(select currency from unnest(amounts)), amounts, null, null,
       spend_caps(array[operator],
                  (extract(epoch from at) * 1000)::bigint), true)
       as r (reason, later);
$$;

create function pg_temp.sold(scope text, period text default 'month')
returns bigint
language sql
as $$
select s.sold from total_state() s where s.scope = $1 and s.period = $2;
$$;

-- none

select is(pg_temp.reserve('{500000}'), '{-}', 'no limit');
select is(count(*)::int, 0, 'and nothing is counted') from total;

-- of a merchant

select total_set(1, 'EUR', false, 1000, 2500);
select is(pg_temp.reserve('{400,400}'), '{-,-}', 'within it');
select is(pg_temp.sold('merchant', 'day'), 800::bigint, 'all lines count');
select is(pg_temp.reserve('{201,200}'), '{limit_total,-}',
          'a payment that goes over it is refused, another is not');
select is(pg_temp.sold('merchant'), 1000::bigint, 'and does not count');
select is(pg_temp.reserve('{1}'), '{limit_total}', 'all of it');
select is(count(*)::int, 0, 'a line that is refused spends nothing')
  from spend where month_total = 1;
select is(pg_temp.reserve('{1}', 2), '{-}', 'another merchant');
select is(pg_temp.reserve('{1}', 1, 'net_fr', now(), true), '{-}',
          'another mode');
select is(pg_temp.reserve('{1}', 1, 'demo_cm', now(), false, 'XAF'), '{-}',
          'another currency');
select is(pg_temp.reserve('{900}', at => now() + interval '1 day'), '{-}',
          'another day');
select total_set(1, 'EUR', false, null, 100);
select is(pg_temp.reserve('{1}'), '{limit_total}',
          'a lower limit knows what was sold');
select total_set(1, 'EUR', false, null, null);
select is(pg_temp.reserve('{100000}'), '{-}', 'no limit any more');
select is(count(*)::int, 0, 'none is left') from total_limit;
delete from total;

-- a batch passes it, one that comes after does not

select total_set(1, 'EUR', false, 1000, null);
select is(pg_temp.reserve('{900,900,900}'), '{-,-,-}', 'a batch at once');
select is(pg_temp.reserve('{1}'), '{limit_total}', 'no other after it');

-- parts of other sessions count

delete from total;
insert into total (scope, name, currency, live, period, monthly, session,
                   total)
select 'm', '1', 'EUR', false, (now() at time zone 'UTC')::date, false, s, 300
  from generate_series(-3, -1) s;
select is(pg_temp.reserve('{101,100}'), '{limit_total,-}',
          'the sum of all sessions counts');
select is(count(*)::int, 1, 'which are not written') from total
 where session = pg_backend_pid() and not monthly;
select total_set(1, 'EUR', false, null, null);
delete from total;

-- of an operator and a country, by the configuration

select pg_temp.configure('[{"operator":"demo_fr","apart":false,
    "time_zone":"Europe/Paris","total_month":1000,"country_month":1500},
    {"operator":"net_fr","apart":false,"country_month":50}]') \gset ignore_
select results_eq('select scope, name, currency, live, period, most, set_by'
    ' from total_state() order by 1, 2, 4',
    $$values ('country', 'FR', 'EUR', false, 'month', 1500::bigint,
              'configuration'),
             ('country', 'FR', 'EUR', true, 'month', 50, 'configuration'),
             ('operator', 'demo_fr', 'EUR', false, 'month', 1000,
              'configuration')$$, 'limits of the configuration');
select is(count(max_month)::int, 0, 'which are none of a line')
  from spend_limit;
select is(pg_temp.reserve('{600}'), '{-}', 'within both');
select is(pg_temp.reserve('{401}', 2), '{limit_total}',
          'over that of the operator, whichever merchant it is');
insert into operator (code, name, country, currency, sandbox)
values ('demo2_fr', 'Demo 2', 'FR', 'EUR', true);
select is(pg_temp.reserve('{800}', 1, 'demo2_fr'), '{-}',
          'another operator of the country');
select is(pg_temp.reserve('{101,100}', 1, 'demo2_fr'), '{limit_total,-}',
          'over that of the country');
select is(pg_temp.sold('operator'), 600::bigint, 'its own total');
select results_eq('select near, reached from total_watch()',
    'values (1, 1)', 'how many are near, and reached');
select min(since) as since from total_limit \gset
select pg_temp.configure('[{"operator":"demo_fr","apart":false,
    "total_month":700}]', 30000) \gset ignore_
select is(pg_temp.reserve('{101}'), '{limit_total}', 'the lower one holds');
select results_eq('select near, reached from total_watch()',
    'values (2, 1)', 'one more is near');
select pg_temp.configure('[]', 62000) \gset ignore_
select is(max_month, 700::bigint, 'one that no worker has is gone')
  from total_limit where scope = 'o';
select is(since, :since::bigint, 'what counted before it is still known')
  from total_limit where scope = 'o';
select pg_temp.configure('[]', 200000) \gset ignore_
select is(count(*)::int, 0, 'all are') from total_limit;
update total set period = period - 80;
select pg_temp.configure('[]', 200000) \gset ignore_
select is(count(*)::int, 0, 'what is over is removed') from total;

-- payments: a limit of the line, a failure, a reservation that is released

select total_set(1, 'EUR', false, 1000, null);
insert into op (id, key, amount, pseudonym)
select i, 'total ' || i, 400, 200 from generate_series(1, 2) i;
select results_eq('select result from pg_temp.create_ops()',
    $$values ('processing'), ('processing')$$, 'charges');
insert into op (id, key, amount, pseudonym) values (3, 'total 3', 400, 200);
select is(result, 'limit_total', 'one too many') from pg_temp.create_ops();
select results_eq('select state::text, consent_id, spend_day, failure_code'
    ' from payment where id = 3',
    $$values ('r', null::bigint, null::date, 'limit_total')$$,
    'an intent that fails');
select is(state, 'failed', 'it fails')
  from pg_temp.finish(3, 'failed', 'limit_total');
select is(pg_temp.sold('merchant', 'day'), 800::bigint,
          'which takes nothing back');
update payment set attempt = id_first(now_ms() + 1000) where id in (1, 2);
select pg_temp.finish(1, 'failed', 'generic_decline') \gset ignore_
select is(pg_temp.sold('merchant', 'day'), 400::bigint,
          'what has failed is taken back');
update payment set attempt = 1 where id = 2;
select pg_temp.finish(2, 'failed', 'generic_decline') \gset ignore_
select is(pg_temp.sold('merchant', 'day'), 400::bigint,
          'but nothing from before the limit');
insert into op (id, key, amount) values (11, 'page 11', 601),
       (12, 'page 12', 600), (13, 'page 13', 600);
select count(*) from pg_temp.create_ops() \gset ignore_
select is(pg_temp.begin_one(11, 111), 'limit_total', 'a page');
select is(state, 'p', 'waits') from payment where id = 11;
select is(pg_temp.begin_one(12, 112), 'processing', 'another begins');
select is(pg_temp.begin_one(12, 112), 'processing',
          'sent again: it counts once');
select is(pg_temp.sold('merchant', 'day'), 1000::bigint, 'all that there is');
update pseudonym set later_max = 1 where id = 200;
insert into op (id, key, amount, pseudonym) values (20, 'later', 50, 200);
select total_set(1, 'EUR', false, 5000, null);
select is(result, 'consent_exceeded', 'one that the line may not pay')
  from pg_temp.create_ops();
select is(pg_temp.sold('merchant', 'day'), 1000::bigint,
          'counts in no total');

select * from finish();
rollback;
