-- payment_begin: the intent to charge, once the shopper has confirmed.

\ir lib/fixture.sql

select * from no_plan();

-- results without the payment, for some begins of one batch
create function pg_temp.begin_batch(ids bigint[], attempts bigint[],
    operators text[], numbers text[])
returns table (ord int, result text, state text, id bigint, operator text,
    pseudonym bigint, attempt bigint)
language sql
as $$
select *
  from pg_temp.begin_all(ids, attempts, operators,
       array(select 300 + i from unnest(attempts) i),
       array(select sha256(i::bytea) from unnest(numbers) i),
       array(select 400 + i from unnest(attempts) i));
$$;

-- an operator that can charge the least amount
insert into operator values ('demo_b', 'Demo B', 'FR', 'EUR', true);
do $$
begin
    perform contract_add(1, 'demo_b', 0, null, 0, 0, 0);
end
$$;

insert into op (id, key, amount, currency, live, expires)
select i, 'k' || i, case i when 8 then 10 else 499 end, 'EUR', i = 9,
       now_ms() + case i when 7 then -1 else 900000 end
  from generate_series(1, 20) i;
select count(*) from pg_temp.create_ops() \gset ignore_

-- one

select results_eq($$select result, id, merchant_id, merchant_name,
    live, amount, currency, description, reference, return_url, metadata,
    state, outcome_unknown, failure_code, operator, operator_name,
    pseudonym_id, msisdn, attempt
    from payment_begin('{1}', '{11}', '{demo_fr}', '{301}',
        array[sha256('33600000009')], array['\xbb01']::bytea[], '{401}',
        '{header_enrichment}', '{demo_virtual}', '{4000}', '{fr}',
        array['\xcc']::bytea[], array['{}'], '{192.0.2.1}', '{Agent}',
        '{null}')$$,
    $$values ('processing', 1::bigint, 1, 'Shop', false,
        499::bigint, 'EUR', 'Coins', 'order-1', null::text, '{}',
        'processing', false, null::text, 'demo_fr', 'Demo France',
        401::bigint, '\xbb01'::bytea, 11::bigint)$$,
    'processing, with the payment to charge');
select results_eq('select state::text, subscriber_id, pseudonym_id, attempt,'
    ' operator, contract_id = (select id from contract where'
    ' operator = ''demo_fr'') from payment where id = 1',
    $$values ('r', 301::bigint, 401::bigint, 11::bigint, 'demo_fr', true)$$,
    'stored');
select ok(due_at between now_ms() + 55000 and now_ms() + 60000,
          'recovery looks at it in a minute')
  from payment_due where payment_id = 1;
select results_eq('select merchant_id, subscriber_id, live, known_since,'
    ' consent_id from pseudonym where id = 401',
    $$values (1, 301::bigint, false, null::bigint, null::bigint)$$,
    'the merchant knows no subscriber yet');
select results_eq('select c.id, c.payment_id, c.method, c.at between'
    ' now_ms() - 5000 and now_ms() from consent c join payment p'
    ' on p.consent_id = c.id where p.id = 1',
    $$values (11::bigint, 1::bigint, 'header_enrichment', true)$$,
    'the payment names its consent');
select results_eq('select msisdn_index, live, msisdn, operator, mvno'
    ' from subscriber where id = 301',
    $$values (sha256('33600000009'), false, '\xbb01'::bytea, 'demo_fr',
              'demo_virtual')$$,
    'and the subscriber');

-- again

select is(result, 'processing', 'the same attempt: a commit was in doubt')
  from pg_temp.begin_batch('{1}', '{11}', '{demo_fr}', '{33600000009}');
select results_eq('select result, state, attempt from pg_temp.begin_batch('
    '''{1}'', ''{12}'', ''{demo_fr}'', ''{33600000009}'')',
    $$values ('already', 'processing', 11::bigint)$$, 'another attempt');
update payment_due set attempts = 1 where payment_id = 1;
select is(result, 'already', 'not charged once recovery has looked at it')
  from pg_temp.begin_batch('{1}', '{11}', '{demo_fr}', '{33600000009}');
update payment_due set attempts = 0 where payment_id = 1;
select count(*) from pg_temp.finish(1, 'unknown') \gset ignore_
select is(result, 'already', 'nor once its outcome is unknown')
  from pg_temp.begin_batch('{1}', '{11}', '{demo_fr}', '{33600000009}');
select count(*) from pg_temp.finish(1, 'approval') \gset ignore_
select is(result, 'already', 'nor while he is asked for his approval')
  from pg_temp.begin_batch('{1}', '{11}', '{demo_fr}', '{33600000009}');
select count(*) from pg_temp.finish(1, 'succeeded') \gset ignore_
select results_eq('select result, state from pg_temp.begin_batch('
    '''{1}'', ''{11}'', ''{demo_fr}'', ''{33600000009}'')',
    $$values ('already', 'succeeded')$$, 'nor when it is over');

-- every other result, in one batch

update payment set state = 'x', ended = now_ms() where id = 10;
select results_eq($$select * from pg_temp.begin_batch(
    '{2,99,3,4,5,7,8,9,10,6}', '{21,22,23,24,25,27,28,29,30,31}',
    '{demo_fr,demo_fr,demo_cm,net_fr,none,demo_fr,demo_fr,net_fr,demo_fr,
      demo_fr}',
    '{336a,336a,336b,336b,336b,336b,336b,336b,336b,33600000009}')$$,
    $$values
    (1, 'processing', 'processing', 2::bigint, 'demo_fr', 421::bigint,
     21::bigint),
    (2, 'not_found', null, null, null, null, null),
    (3, 'no_contract', 'pending', 3, null, null, null),
    (4, 'no_contract', 'pending', 4, null, null, null),
    (5, 'no_contract', 'pending', 5, null, null, null),
    (6, 'expired', 'pending', 7, null, null, null),
    (7, 'amount_not_allowed', 'pending', 8, null, null, null),
    (8, 'processing', 'processing', 9, 'net_fr', 429, 29),
    (9, 'expired', 'expired', 10, null, null, null),
    (10, 'processing', 'processing', 6, 'demo_fr', 401, 31)$$,
    'one result each, in the order of the operations');
select is(count(*)::int, 0, 'who was refused has left nothing')
  from subscriber where msisdn_index = sha256('336b') and not live;
select is(mvno, null, 'the network says otherwise now')
  from subscriber where id = 301;
select is(count(*)::int, 1, 'the subscriber was known')
  from subscriber where msisdn_index = sha256('33600000009');

do $$
begin
    perform contract_add(1, 'demo_cm', 0, null, 3000, 0, 0);
end
$$;
select is(result, 'currency_mismatch', 'a contract in another currency')
  from pg_temp.begin_batch('{3}', '{33}', '{demo_cm}', '{2376}');
select is(state::text, 'p', 'and it waits on') from payment where id = 3;

-- one payment, and one subscriber, twice in a batch

select results_eq($$select result, attempt, pseudonym from
    pg_temp.begin_batch('{11,11,12,11}', '{41,42,43,41}',
        '{demo_fr,demo_fr,demo_fr,demo_fr}', '{336c,336d,336c,336c}')$$,
    $$values ('processing', 41::bigint, 441::bigint),
             ('already', 41, 441), ('processing', 43, 441),
             ('already', 41, 441)$$,
    'the first begin wins; one subscriber has one pseudonym');
select is(count(*)::int, 1, 'and is stored once') from subscriber
 where msisdn_index in (sha256('336c'), sha256('336d'));

-- a number that has moved, and one that was erased

select results_eq($$select result, operator, pseudonym from
    pg_temp.begin_batch('{13,14,15}', '{51,52,53}',
        '{demo_b,demo_fr,demo_fr}', '{33600000001,33600000003,336e}')$$,
    $$values ('processing', 'demo_b', 200::bigint),
             ('processing', 'demo_fr', 203), ('processing', 'demo_fr', 453)$$,
    'known subscribers keep their pseudonyms');
select results_eq('select id, operator, msisdn from subscriber'
    ' where id in (100, 103) order by id',
    $$values (100::bigint, 'demo_b', '\xaa01'::bytea),
             (103, 'demo_fr', '\xbb')$$,
    'the network follows the number; what was erased is sealed again');
select is(known_since, null, 'and is known to no merchant until it has paid')
  from pseudonym where id = 203;
select isnt(known_since, null, 'what was not erased stays known')
  from pseudonym where id = 200;
select is(operator, 'net_fr', 'live mode keeps its own')
  from subscriber where id = 101;

-- in an order that is not that of the ids

select results_eq('select id from pg_temp.begin_batch('
    '''{20,16,19,17,18}'', ''{61,62,63,64,65}'','
    ' ''{demo_fr,demo_fr,demo_fr,demo_fr,demo_fr}'','
    ' ''{336z,336y,336x,336w,336v}'')',
    'values (20::bigint), (16), (19), (17), (18)',
    'answers are in the order of the operations');
select results_eq('select id, attempt from payment where id between 16 and 20'
    ' order by id',
    'values (16::bigint, 62::bigint), (17, 64), (18, 65), (19, 63), (20, 61)',
    'and each has its own');
select is_empty('select p.id from payment p join pseudonym n on'
    ' n.id = p.pseudonym_id where n.subscriber_id <> p.subscriber_id'
    ' or n.merchant_id <> p.merchant_id or n.live <> p.live',
    'no pseudonym is somebody else''s');

-- without any that can begin

select is_empty('select 1 from pg_temp.begin_batch(''{}'', ''{}'', ''{}'','
                ' ''{}'')', 'an empty batch has no answers');

select * from finish();
rollback;
