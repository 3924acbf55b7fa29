-- Balances: what was posted before the mark is counted, once, and nothing that
-- was posted later.  t/balance.t has the sessions that the mark waits for.

\ir lib/fixture.sql

select * from no_plan();

select pg_temp.charge_of('{1,2,3}') \gset ignore_
select count(*) from pg_temp.finish(1, 'succeeded') \gset ignore_
select count(*) from pg_temp.finish(2, 'succeeded') \gset ignore_
select pg_temp.posted_at('{1}', '2026-03-01 00:14:59.999Z') \gset ignore_
select pg_temp.posted_at('{2}', '2026-03-01 00:15Z') \gset ignore_

create temp view counted as
select a.code, b.day, b.debit, b.credit, b.entries, b.currency
  from balance_day b join account a on a.id = b.account_id;

-- of 4.99: 0.83 tax, 30 % of the rest 1.25, 5 % and 0.10 0.35, and 2.56

select balance_until(pg_temp.ms('2026-03-01 00:15Z')) \gset ignore_
select set_eq('select * from counted',
    $$values ('test:operator:demo_fr:receivable', '2026-03-01'::date,
              499::bigint, 0::bigint, 1::bigint, 'EUR'),
             ('test:operator:demo_fr:share', '2026-03-01', 0, 125, 1, 'EUR'),
             ('test:tax:FR', '2026-03-01', 0, 83, 1, 'EUR'),
             ('test:platform:revenue', '2026-03-01', 0, 35, 1, 'EUR'),
             ('test:merchant:1:payable', '2026-03-01', 0, 256, 1, 'EUR')$$,
    'what was posted before the mark, and nothing of its instant');
select results_eq('select at, kind::text, category::text, payments, wholes,'
    ' gross, received, share, tax, fee, net from turnover',
    format('values (%s, ''c'', ''d'', 1::bigint, null::numeric, 499::bigint,'
           ' 499::bigint, 125::bigint, 83::bigint, 35::bigint, 256::bigint)',
           pg_temp.ms('2026-03-01Z')), 'and what was sold');

select balance_until(pg_temp.ms('2026-03-01 00:15:00.001Z')) \gset ignore_
select is(sum(credit), 2 * 256::numeric, 'later ones are added') from counted
 where code = 'test:merchant:1:payable';
select is(count(*)::int, 2, 'in the next quarter of an hour') from turnover;
select balance_until(pg_temp.ms('2026-03-02Z')) \gset ignore_
select is(sum(entries)::int, 10, 'nothing is counted twice') from counted;

-- A refund of a part, a late charge and its reversal, a day later.
select count(*) from refund_begin(50, 1, false, 2, 100, null, md5('b')::uuid,
                                  md5('')::uuid) \gset ignore_
select count(*) from refund_finish(50, 'succeeded', null, null, null, null)
    \gset ignore_
select count(*) from pg_temp.finish(3, 'failed') \gset ignore_
select count(*) from pg_temp.finish(3, 'succeeded') \gset ignore_
select is(count(*)::int, 1, 'what was posted now waits') from journal
 where at > pg_temp.ms('2026-03-02Z') and payment_id = 3;
update balance_mark set until = pg_temp.ms('2026-03-02Z');
select balance_until(now_ms() + 1) \gset ignore_
select results_eq($$select kind::text, payments, gross, received, net
                      from turnover where at > pg_temp.ms('2026-03-02Z')
                     order by kind$$,
    $$values ('r'::text, 1::bigint, -100::bigint, -100::bigint, -51::bigint),
             ('s', 1, 0, 499, 0)$$,
    'a refund is below zero; what is in suspense was not sold');
select set_eq('select code, sum(debit) - sum(credit), sum(entries),'
    ' currency from counted group by 1, 4',
    'select account, amount, entries::numeric, currency from balance',
    'the sums are those of all entries');

-- Postings are counted, too.
select posting_add('a', 1, false, 'EUR', array[
    posting_account(0, false, 'platform:adjustment'),
    posting_account(1, false, 'payable')], '{70,-70}', null, null, 'A-1', null)
    \gset ignore_
select balance_until(now_ms() + 60000) \gset ignore_
select is(sum(debit - credit), 70::numeric, 'a posting is counted')
  from counted where code = 'test:platform:adjustment';
select is(account || ' ' || amount, 'test:merchant:1:payable -70',
          'a posting is an entry') from entry
 where posting_id is not null and amount < 0;
select throws_ok('insert into posting (at, merchant_id, kind, live, currency,'
    ' accounts, amounts) values (0, 1, ''a'', true, ''EUR'', ''{1,2}'','
    ' ''{5,-4}'')', '23514', null, 'a posting sums to zero');

-- As many in a call as there is time for, and all in the end.
select pg_temp.charge_of(array(select generate_series(1001, 1064)))
    \gset ignore_
select count(*) from pg_temp.finish_all(
    array(select generate_series(1001, 1064)),
    array_fill('succeeded'::text, '{64}'), array_fill(null::text, '{64}'),
    array_fill(null::text, '{64}')) \gset ignore_
insert into journal (payment_id, operation, contract_id, category, currency,
                     at, accounts, amounts)
select 100000 + i, 9, j.contract_id, j.category, j.currency, 1000 + i,
       j.accounts, j.amounts
  from journal j cross join generate_series(1, 10500) i
 where j.payment_id = 1 and j.operation = 1;
update balance_mark set until = 0, next = 9000000000000, horizon = '1';
delete from balance_day;
select is(until, 11001::bigint, 'a call counts ten thousand journals')
  from balance_fold();
select is(sum(entries)::int, 50000, 'all that were posted before')
  from balance_day;
select is(until, 9000000000000, 'the next one counts the rest')
  from balance_fold();
select is(sum(debit - credit), sum(e.amount), a.code || ': all is counted')
  from balance_day b join account a on a.id = b.account_id
  join lateral (select sum(amount) as amount from balance
                 where account_id = b.account_id
                   and currency = b.currency) e on true
 group by a.code, b.account_id, b.currency, e.amount
having sum(debit - credit) is distinct from e.amount;
select set_eq('select code, sum(debit) - sum(credit), sum(entries), currency'
    ' from counted group by 1, 4',
    'select account, amount, entries::numeric, currency from balance',
    'and all is counted once');

-- The mark goes on when nothing can be posted before it any more.
update balance_mark set until = 5, next = 7, horizon = pg_current_xact_id();
select is(until, 5::bigint, 'a transaction that runs holds the mark')
  from balance_fold();
update balance_mark set horizon = '9000000000000000';
select is(until, 5::bigint, 'a number of another cluster is reached by none')
  from balance_fold();
select is(horizon, pg_current_xact_id(), 'so another mark is noted')
  from balance_mark;

-- All that post read the clock when their transaction has its number.
select is_empty($$select p.oid::regproc from pg_proc p
    where pronamespace = 'carrierpay'::regnamespace
      and prosrc ~ 'insert into (journal|posting)\M'
      and prosrc !~ 'post_ms\(\)'
      and proname not in ('payment_late', 'refund_post', 'chargeback_post')$$,
    'a posting is at an instant that the mark respects');

select * from finish();
rollback;
