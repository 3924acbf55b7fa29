-- Which numbers may pay: blocks, and the ledger's part of eligibility.

\ir lib/fixture.sql

select * from no_plan();

create function pg_temp.ask(number text default '33600000001',
    operator text default 'demo_fr', amount bigint default 499,
    currency text default 'EUR', merchant int default 1,
    live bool default false, category text default 'digital_content')
returns text
language sql
as $$
select reason
  from eligibility_evaluate(array[merchant], array[live], array[operator],
       array[sha256(number::bytea)], array[amount], array[currency],
       array[category]);
$$;

create function pg_temp.block_it(number text, merchant int default null)
returns bool
language sql
as $$
select block_add(encode(sha256(number::bytea), 'hex'), merchant, 'test');
$$;

create function pg_temp.unblock(number text, merchant int default null)
returns bool
language sql
as $$
select block_remove(encode(sha256(number::bytea), 'hex'), merchant);
$$;

-- the question

select is(pg_temp.ask(), null, 'eligible');
select is(pg_temp.ask(number => '33699999999'), null,
          'a number that nobody has seen, too');
select is(pg_temp.ask(operator => 'demo_cm'), 'service_not_allowed',
          'no contract with this operator');
select is(pg_temp.ask(operator => 'none'), 'service_not_allowed',
          'no such operator');
select is(pg_temp.ask(merchant => 2), 'service_not_allowed',
          'another merchant');
select is(pg_temp.ask(live => true), 'service_not_allowed',
          'a test operator in live mode');
select is(pg_temp.ask(currency => 'XAF'), 'currency_not_supported',
          'another currency than the contract''s');
select is(pg_temp.ask(amount => 10), 'amount_not_allowed',
          'less than the fees');
select is(pg_temp.ask(amount => a), 'amount_not_allowed',
          'no amount: ' || a) from unnest(array[0, -1, split_limit() + 1]) a;
select is(pg_temp.ask(operator => 'net_fr', live => true), null,
          'live mode has operators of its own');

update contract set valid_to = now_ms() - 1 where operator = 'demo_fr';
select is(pg_temp.ask(), 'service_not_allowed', 'a contract that has ended');
update contract set valid_to = now_ms() + 60000 where operator = 'demo_fr';
select is(pg_temp.ask(), null, 'and one that will');

select results_eq('select ord, reason from eligibility_evaluate('
    '''{1,2,1,1}'', ''{f,f,t,f}'', ''{demo_fr,demo_fr,net_fr,demo_fr}'','
    ' array[sha256(''1''), sha256(''2''), sha256(''3''), null],'
    ' ''{499,499,10,499}'', ''{EUR,EUR,EUR,XAF}'','
    ' array_fill(''digital_content''::text, ''{4}'')) order by ord',
    $$values (1, null), (2, 'service_not_allowed'),
             (3, 'amount_not_allowed'), (4, 'currency_not_supported')$$,
    'each of many questions has its own answer');

-- what the line may spend

select spend_configure('[{"operator":"demo_fr","apart":false,
    "time_zone":"Europe/Paris","max_payment":5000,"max_day":6000},
    {"operator":"demo_fr","apart":true,"max_month":5500}]', now_ms());
select is(pg_temp.ask(amount => 5000), null, 'the most in one payment');
select is(pg_temp.ask(amount => 5001), 'over_limit', 'a cent more');
select spend_limit_set(1, 'demo_fr', 4000, null, null, null);
select is(pg_temp.ask(amount => 4001), 'over_limit', 'the merchant''s own');
select spend_limit_set(1, 'demo_fr', null, null, null, null);
insert into op (id, key, amount, pseudonym) values (900, 'spent', 4000, 200);
select count(*) from pg_temp.create_ops() \gset ignore_
select is(pg_temp.ask(amount => a), r, 'after 40.00: ' || a)
  from (values (1500, null), (1501, 'limit_month'), (2001, 'limit_month'))
       v (a, r);
select is(pg_temp.ask(number => '33699999999', amount => 5000), null,
          'another line');
delete from spend_limit where apart;
select is(pg_temp.ask(amount => a), r, 'of all merchants: ' || a)
  from (values (2000, null), (2001, 'limit_day')) v (a, r);
select count(*) from pg_temp.finish(900, 'failed', 'generic_decline')
       \gset ignore_
select is(pg_temp.ask(amount => 5000), null, 'what has failed is free again');
select is(count(*)::int, 0, 'a question makes no row of a line')
  from spend where msisdn_index = sha256('33699999999');
delete from spend_limit;

-- blocks

select ok(pg_temp.block_it('33600000001'), 'blocked');
select ok(not pg_temp.block_it('33600000001'), 'once');
select is(pg_temp.ask(), 'blocked_by_subscriber', 'says so');
select is(pg_temp.ask(operator => 'net_fr', live => true),
          'blocked_by_subscriber', 'in live mode, too');
select is(pg_temp.ask(number => '33600000009'), null,
          'another number is another''s');
select ok(pg_temp.unblock('33600000001'), 'no more');
select ok(not pg_temp.unblock('33600000001'), 'once');
select is(pg_temp.ask(), null, 'eligible again');

select ok(pg_temp.block_it('33600000001', 2), 'for another merchant');
select is(pg_temp.ask(), null, 'this one does not mind');
select ok(not pg_temp.unblock('33600000001'), 'that is no block for all');
select ok(pg_temp.block_it('33600000001', 1), 'for this one');
select is(pg_temp.ask(), 'blocked_by_subscriber', 'he minds');
select ok(pg_temp.block_it('33600000001'), 'and for all');
select ok(pg_temp.unblock('33600000001', 1), 'for this one no more');
select is(pg_temp.ask(), 'blocked_by_subscriber', 'but for all');
select ok(pg_temp.unblock('33600000001'), 'nor for all');
select is(pg_temp.ask(), null, 'eligible');

select throws_ok('select pg_temp.block_it(''1'', 99)', '23503', null,
                 'a merchant that is none');
select throws_ok('select block_add(''aa'', null, ''test'')', '23514', null,
                 'no index');

-- a block of test mode holds there alone

select ok(block_add(encode(sha256('33600000007'), 'hex'), null, 'test',
                    false), 'a block in test mode');
select results_eq('select reason from eligibility_evaluate(''{1,1}'','
    ' ''{f,t}'', ''{demo_fr,net_fr}'', array_fill(sha256(''33600000007''),'
    ' ''{2}''), ''{499,499}'', ''{EUR,EUR}'','
    ' ''{digital_content,digital_content}'')',
    $$values ('blocked_by_subscriber'), (null)$$, 'is none in live mode');
insert into op (id, key, live, later_max)
values (5, 'test', false, null), (6, 'live', true, 499);
select count(*) from pg_temp.create_ops() \gset ignore_
select results_eq('select b.result from pg_temp.begin_all(''{5,6}'','
    ' ''{15,16}'', ''{demo_fr,net_fr}'', ''{305,306}'','
    ' array_fill(sha256(''33600000007''), ''{2}''), ''{405,406}'') b',
    $$values ('blocked_by_subscriber'), ('processing')$$,
    'a live payment begins');
select count(*) from pg_temp.finish(6, 'succeeded') \gset ignore_
insert into op (id, key, live, pseudonym) values (7, 'known', true, 406);
select is(result, 'processing', 'and another one is charged')
  from pg_temp.create_ops();
select ok(pg_temp.unblock('33600000007'), 'he blocks no more');

-- a shopper's payment waits on

insert into op (id, key) values (1, 'a'), (2, 'b');
select count(*) from pg_temp.create_ops() \gset ignore_
select ok(pg_temp.block_it('33600000009'), 'a shopper blocks');
select results_eq('select b.result, b.state from pg_temp.begin_all('
    '''{1,2}'', ''{11,12}'', ''{demo_fr,demo_fr}'', ''{301,302}'','
    ' array[sha256(''33600000009''), sha256(''33600000008'')],'
    ' ''{401,402}'') b',
    $$values ('blocked_by_subscriber', 'pending'),
             ('processing', 'processing')$$,
    'his payment is not begun, his neighbour''s is');
select is(count(*)::int, 0, 'and leaves no subscriber') from subscriber
 where msisdn_index = sha256('33600000009');
select ok(pg_temp.unblock('33600000009'), 'he blocks no more');
select is(pg_temp.begin_one(1, 13), 'processing', 'and pays');
select ok(pg_temp.block_it('33600000009'), 'then blocks again');
select is(pg_temp.begin_one(1, 13), 'processing',
          'what was begun is begun: a commit was in doubt');

-- a subscriber who is charged by pseudonym, without a page

update pseudonym set later_max = 900, currency = 'EUR' where id in (200, 204);
select ok(pg_temp.block_it('33600000001'), 'a known subscriber blocks');
insert into op (id, key, pseudonym)
values (21, 'k1', 200), (22, 'k2', null), (23, 'k3', 202), (24, 'k4', 203);
select results_eq('select result, payment_id, operator, msisdn'
    ' from pg_temp.create_ops()',
    $$values ('blocked_by_subscriber', 21::bigint, 'demo_fr',
              '\xaa01'::bytea),
             ('pending', 22, null, null), ('no_contract', 23, null, null),
             ('subscriber_unknown', 24, null, null)$$,
    'an intent, to be failed');
select results_eq('select state::text, attempt, pseudonym_id, events,'
    ' consent_id from payment where id = 21',
    $$values ('r', 21::bigint, 200::bigint, 0::smallint, null::bigint)$$,
    'stored, with no consent');
select ok(exists (select from payment_due where payment_id = 21),
          'and recovery knows of it');
insert into op (id, key, pseudonym) values (21, 'k1', 200);
select is(result, 'blocked_by_subscriber', 'sent again: the same')
  from pg_temp.create_ops();
select ok(pg_temp.unblock('33600000001'), 'he blocks no more');
insert into op (id, key, pseudonym) values (21, 'k1', 200);
select is(result, 'blocked_by_subscriber',
          'sent again, what was blocked stays so')
  from pg_temp.create_ops();
select is(consent_id, null, 'since it names no consent') from payment
 where id = 21;
select ok(pg_temp.block_it('33600000001'), 'he blocks again');
insert into op (id, key, pseudonym) values (25, 'k1', 200);
select is(result, 'in_flight', 'the key again, meanwhile')
  from pg_temp.create_ops();
select is(result, 'applied', 'failed')
  from pg_temp.finish(21, 'failed', 'blocked_by_subscriber');
insert into op (id, key, pseudonym) values (26, 'k1', 200);
select results_eq('select result, payment_id from pg_temp.create_ops()',
    $$values ('replay', 21::bigint)$$, 'the key is answered');
select results_eq('select state, failure_code from payment_first(21)',
    $$values ('failed', 'blocked_by_subscriber')$$, 'with that');
select is(count(*)::int, 0, 'no journal') from journal where payment_id = 21;

-- another merchant's pseudonym of the same number

select ok(pg_temp.unblock('33600000001'), 'he blocks no more');
select ok(pg_temp.unblock('33600000001', 2), 'nor the other merchant');
update pseudonym set later_max = 900, currency = 'EUR' where id in (200, 204);
select ok(pg_temp.block_it('33600000001', 1), 'only the first');
do $$
begin
    perform contract_add(2, 'demo_fr', 0, null, 0, 0, 0);
end
$$;
insert into op (id, key, merchant, pseudonym)
values (31, 'k5', 1, 200), (32, 'k6', 2, 204);
select results_eq('select result from pg_temp.create_ops()',
    $$values ('blocked_by_subscriber'), ('processing')$$,
    'one is blocked, the other charges');

-- the number behind a pseudonym, and its carrier

update subscriber set mvno = 'demo_virtual' where id = 100;

select results_eq('select * from subscriber_get(1, false, 200, 499,'
    ' ''EUR'')',
    $$values ('demo_fr', '\xaa01'::bytea, 'demo_virtual', 'allowed')$$,
    'the number of a pseudonym');
select is_empty(format('select * from subscriber_get(%s, 499, ''EUR'')', a),
                'none: ' || a)
  from unnest(array['2, false, 200', '1, true, 200', '1, false, 203',
                    '1, false, 999']) a;
update pseudonym set known_since = null, consent_id = null, later_max = null,
       currency = null where id = 200;
select is_empty('select * from subscriber_get(1, false, 200, 499, ''EUR'')',
                'none: of a line that has never paid');

select * from finish();
rollback;
