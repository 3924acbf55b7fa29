-- Payouts: the balance they are taken from, cancellation, what is sent once,
-- outcomes, events, and rows that stay as they are.

\ir lib/fixture.sql

select * from no_plan();

create function pg_temp.add(id bigint, amount bigint,
    reference text default null, number text default '33600000001',
    operator text default 'demo_fr', currency text default 'EUR',
    merchant int default 1)
returns text
language sql
as $$
select r.result || coalesce(' ' || r.free, '')
       || coalesce(' ' || r.id || ' ' || r.state, '')
  from payout_add(id, merchant, operator, amount, currency,
                  coalesce(reference, 'salary ' || id), sha256(number::bytea),
                  '\xaa') r;
$$;

create function pg_temp.done(id bigint, outcome text,
    code text default null, reference text default null)
returns text
language sql
as $$
select r.result || coalesce(' ' || r.state, '')
       || case when r.outcome_unknown then ' unknown' else '' end
       || coalesce(' ' || r.failure_code, '')
  from payout_finish(id, outcome, code, reference) r;
$$;

create function pg_temp.stands() returns table (account text, amount bigint)
language sql
as $$
select account, amount::bigint from balance
 where account ~ ':(payable|payout|wallet)$' and amount <> 0 order by 1;
$$;

-- 3 payments of 499 leave the merchant 256 each

select is(pg_temp.add(10, 1), 'amount_too_large 0', 'nothing was sold yet');
select is_empty('select 1 from payout', 'nothing is written');

select pg_temp.charge_of('{1,2,3}') \gset ignore_
select count(*) from pg_temp.finish_all('{1,2,3}',
    array_fill('succeeded'::text, '{3}'), array_fill(null::text, '{3}'),
    array_fill('op'::text, '{3}')) \gset ignore_

select is(pg_temp.add(10, 769), 'amount_too_large 768', 'more than we owe');
select is(pg_temp.add(10, 1, operator => 'gone'), 'no_operator',
          'no such operator');
select is(pg_temp.add(10, 1, currency => 'XAF'), 'currency_mismatch',
          'not the currency of the operator');
select is(pg_temp.add(10, 1, operator => 'demo_cm', currency => 'XAF'),
          'no_contract', 'no contract with the operator');
select is(pg_temp.add(10, 1, merchant => 2), 'no_contract',
          'nor of another merchant');
select is(pg_temp.add(10, 1, number => '237600000001'), 'other_operator',
          'the number is known to be of another operator');
select is(pg_temp.add(10, 1, operator => 'net_fr'), 'amount_too_large 0',
          'live money is other money');

select is(pg_temp.add(10, 300), 'queued 468 10 queued', 'a payout');
select is(pg_temp.add(11, 300, 'salary 10'), 'replay 10 queued',
          'the same reference is the same payout');
select is(pg_temp.add(11, 301, 'salary 10'), 'mismatch 10 queued',
          'another amount under it is refused');
select is(pg_temp.add(11, 300, 'salary 10', '33600000009'),
          'mismatch 10 queued', 'and another number');
select is(pg_temp.add(11, 469), 'amount_too_large 468',
          'what is queued is spent');

-- what was counted, and what was posted since, are one sum

select balance_until(now_ms()) \gset ignore_
select is(pg_temp.add(11, 469), 'amount_too_large 468', 'counted');
select is(pg_temp.add(11, 468), 'queued 0 11 queued', 'all of the rest');
select is(pg_temp.add(12, 1), 'amount_too_large 0', 'nothing is left');
select results_eq('select * from pg_temp.stands()',
    $$values ('test:merchant:1:payout', -768::bigint)$$,
    'the money is held');

-- cancellation

select is(payout_cancel(99), 'not_found', 'no such payout');
select is(payout_cancel(11), 'canceled', 'taken back from the queue');
select is(payout_cancel(11), 'already', 'once');
select is_empty('select 1 from payout_due where payout_id = 11',
                'no worker looks at it');
select is(result, 'canceled', 'none begins it') from payout_begin(11);
select is(pg_temp.done(11, 'succeeded'), 'not_found', 'nor can end it');
select is(pg_temp.add(12, 469), 'amount_too_large 468',
          'its money is free again');

-- sending

select results_eq('select fresh, age, id, state from payout_claim(10, 60000,'
    ' 7)', $$values (true, null::bigint, 10::bigint, 'queued')$$,
    'a worker leases what is queued');
select is_empty('select 1 from payout_claim(10, 60000, 8)', 'one does');
select is(result, 'processing', 'begins it') from payout_begin(10);
select is(result, 'already', 'once') from payout_begin(10);
select is(payout_cancel(10), 'too_late', 'it is on its way');

select is(pg_temp.done(10, 'unknown'), 'applied sending unknown',
          'its outcome is not known');
select results_eq('select token is null, due_at between now_ms() + 4000'
    ' and now_ms() + 6000 from payout_due', 'values (true, true)',
    'it is asked for in five seconds');
update payout_due set due_at = now_ms();
select results_eq('select fresh, age >= 0, id from payout_claim(10, 60000, 9)',
    'values (false, true, 10::bigint)', 'by a question, not another call');
select is(pg_temp.done(10, 'succeeded', null, 'op-1'), 'applied succeeded',
          'it was paid');
select is_empty('select 1 from payout_due', 'nothing is left to do');
select is(pg_temp.done(10, 'succeeded'), 'already succeeded', 'the same');
select is(pg_temp.done(10, 'unknown'), 'already succeeded',
          'not to know is no contradiction');
select is(pg_temp.done(10, 'failed', 'generic'), 'conflict succeeded',
          'a failure of what has succeeded');
select is(kind || ', ' || recorded || ', ' || said,
          'recorded_not_paid_out, payout succeeded, payout failed',
          'is an incident') from incident;
select results_eq('select * from pg_temp.stands()',
    $$values ('test:merchant:1:payable', -468::bigint),
             ('test:operator:demo_fr:wallet', -300)$$,
    'the money left the wallet');

-- a failure

select pg_temp.add(13, 468) \gset ignore_
select is(result, 'processing', 'another one is sent') from payout_begin(13);
select is(pg_temp.done(13, 'failed', 'account_not_found'),
          'applied failed account_not_found', 'it is refused');
select is(pg_temp.done(13, 'succeeded', null, 'op-2'),
          'conflict failed account_not_found',
          'a success of what has failed');
select is(count(*)::int, 2, 'is an incident, too') from incident;
select results_eq('select * from pg_temp.stands()',
    $$values ('test:merchant:1:payable', -468::bigint),
             ('test:operator:demo_fr:wallet', -300)$$,
    'the money is the merchant''s again');
select results_eq('select posting_kind_name(kind), reference from posting'
    ' order by id',
    $$values ('payout', 'salary 10'), ('payout', 'salary 11'),
             ('payout_returned', 'salary 11'), ('payout_paid', 'salary 10'),
             ('payout', 'salary 13'), ('payout_returned', 'salary 13')$$,
    'the postings');

-- nothing is known for long

select pg_temp.add(14, 100) \gset ignore_
select result from payout_begin(14) \gset ignore_
update payout_due set attempts = 19;
select is(pg_temp.done(14, 'unknown'), 'conflict sending unknown',
          'eighteen questions have not told');
select is(count(*)::int, 1, 'an incident') from incident
 where kind = 'payout_unknown' and payment_id = 14;
select is_empty('select 1 from payout_due', 'it waits for people');
select is(pg_temp.done(14, 'failed', 'generic'), 'applied failed generic',
          'who say what became of it');

-- events: each endpoint of the mode is told of an end

select results_eq('select payment_id, endpoint_id, type, payout_id,'
    ' payout_amount, payout_state, id from outbox_claim(100, 60000, 5)'
    ' where payment_id >= 10 order by 1, 2',
    $$values (10::bigint, 1, 'payout.succeeded', 10::bigint, 300::bigint,
              'succeeded', null::bigint),
             (10, 2, 'payout.succeeded', 10, 300, 'succeeded', null),
             (13, 1, 'payout.failed', 13, 468, 'failed', null),
             (13, 2, 'payout.failed', 13, 468, 'failed', null),
             (14, 1, 'payout.failed', 14, 100, 'failed', null),
             (14, 2, 'payout.failed', 14, 100, 'failed', null)$$,
    'events; a cancellation has none');

-- a lease of a worker that has ended

select pg_temp.add(15, 100) \gset ignore_
insert into worker_lease (number, process, until) values (3, 'p', 0);
select count(*) from payout_claim(10, 60000, 3 << 12) \gset ignore_
select cmp_ok(worker_release(3, 'p'), '>=', 1, 'is released');
select is(count(*)::int, 1, 'and is due') from payout_due
 where due_at <= now_ms();

-- a period that is over, in a time zone where it is about noon: the money is
-- the bank's until it is settled, and the statement has what was paid out

select 'Etc/GMT' || to_char(date_part('hour', now() at time zone 'UTC') - 12,
                            'SG99') as zone \gset
select replace(:'zone', ' ', '') as zone \gset
select (now() at time zone :'zone')::date as today \gset

select is(pg_temp.add(16, 1), 'queued 367 16 queued',
          'without terms nothing is settled');
select throws_ok(format('select settlement_terms_add(1, null, false, ''EUR'','
                        ' %L::date - 1, ''d'', %L)', :'today', :'zone'),
                 '23514', 'a payout was added after the period that is next',
                 'no terms remit what was paid out since');

alter table posting disable trigger posting_refuse;
update posting o set at = o.at - 86400000;
alter table posting enable always trigger posting_refuse;
select pg_temp.counted(now_ms()) \gset ignore_

select settlement_terms_add(1, null, false, 'EUR', :'today'::date - 1, 'd',
                            :'zone') \gset ignore_
select is(pg_temp.add(17, 1), 'unsettled', 'nothing is paid out');

select settlement_close(p.id, :'today'::date - 1) from settlement_party p
 where p.merchant_id = 1 \gset ignore_
select results_eq('select settlement_kind_name(kind), payments, net'
    ' from settlement_line order by line',
    $$values ('payout', 6::bigint, -1437::bigint),
             ('payout_returned', 3, 1036)$$,
    'payouts are lines of the statement');
select is(pg_temp.add(17, 1), 'queued 366 17 queued',
          'then it is paid out again');

-- rows stay, even for the owner and a session that replicates

create temp table forbidden (query text);
insert into forbidden values
('update payout set amount = 1'),
('update payout set reference = ''x'''),
('update payout set operator = ''net_fr'''),
('update payout set msisdn_index = sha256(''x'')'),
('update payout set held_by = 0 where id = 10'),
('update payout set msisdn = ''\xbb'' where id = 15'),
('update payout set state = ''r'', begun = 1, ended = null, ended_by = null'
    ' where id = 11'),
('update payout set state = ''f'', begun = 1, ended = 1, ended_by = 1'
    ' where id = 15'),
('update payout set state = ''f'' where id = 10'),
('update payout set operator_reference = ''x'' where id = 10'),
('update payout set begun = 1 where id = 10'),
('delete from payout'),
('truncate payout');

set local session_replication_role = replica;
select throws_ok(query, '23001', null, query) from forbidden;
set local session_replication_role = origin;
select lives_ok('update payout set msisdn = null where id = 10',
                'a number can be erased');

select * from finish();
rollback;
