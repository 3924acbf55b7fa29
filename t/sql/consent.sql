-- Consents: each charge names one; one row for each page that was confirmed.

\ir lib/fixture.sql

select * from no_plan();

create function pg_temp.agree(ids bigint[], attempts bigint[],
    said text[] default null)
returns table (result text, id bigint)
language sql
as $$
select b.result, b.id
  from payment_begin(ids, attempts,
       array(select 'demo_fr' from unnest(ids)),
       array(select 300 + i from unnest(attempts) i),
       array(select sha256(('n' || i)::bytea) from unnest(attempts) i),
       array(select '\xbb'::bytea from unnest(ids)),
       array(select 400 + i from unnest(attempts) i),
       array(select 'method ' || i from unnest(attempts) i),
       array(select null::text from unnest(ids)),
       array(select 4000 + i from unnest(attempts) i),
       array(select 'fr-' || i from unnest(attempts) i),
       array(select sha256(i::text::bytea) from unnest(attempts) i),
       coalesce(said, array(select '{"attempt":' || i || '}'
                              from unnest(attempts) i)),
       array(select '192.0.2.' || i from unnest(attempts) i),
       array(select 'Agent/' || i from unnest(attempts) i),
       array(select null::bigint from unnest(ids))) b;
$$;

create function pg_temp.as_said(attempt int) returns text
language sql
as $$
select concat_ws('|', 4000 + attempt, 'method ' || attempt, 'fr-' || attempt,
                 '{"attempt":' || attempt || '}', '192.0.2.' || attempt,
                 'Agent/' || attempt, sha256(attempt::text::bytea));
$$;

create view pg_temp.said as
select payment_id, merchant_id,
       concat_ws('|', shown_at, method, locale, shown, address, agent, page)
           as said,
       at between now_ms() - 60000 and now_ms() as now
  from consent;

-- an operator that can charge the least amount
insert into operator values ('demo_b', 'Demo B', 'FR', 'EUR', true);
do $$
begin
    perform contract_add(1, 'demo_b', 0, null, 0, 0, 0);
end
$$;

insert into op (id, key, amount, expires, later_max)
select i, 'k' || i, case i when 8 then 10 else 499 end,
       now_ms() + case i when 7 then -1 else 900000 end,
       case i when 5 then 900 end
  from generate_series(1, 20) i;
select count(*) from pg_temp.create_ops() \gset ignore_

select is_empty('select * from consent', 'who has only come has not agreed');

-- with a begin

select is(result, 'processing', 'begun') from pg_temp.agree('{1}', '{11}');
select results_eq('select * from pg_temp.said',
    'values (1::bigint, 1, pg_temp.as_said(11), true)',
    'all that was shown, how and to whom');
create temp table first as select * from consent;

-- once a payment

select is(result, 'processing', 'the same again: a commit was in doubt')
  from pg_temp.agree('{1}', '{11}');
select is(result, 'already', 'another attempt')
  from pg_temp.agree('{1}', '{12}');
select results_eq('table consent', 'table first', 'what was written stays');

-- A mixed batch, in no order, with one operation twice: a refused operation
-- leaves no consent.

update payment set state = 'x', ended = now_ms() where id = 10;
select results_eq($$select result from pg_temp.agree(
    '{5,3,99,7,3,8,10,1,2}', '{25,23,29,27,24,28,30,31,22}')$$,
    $$values ('processing'), ('processing'), ('not_found'), ('expired'),
             ('already'), ('amount_not_allowed'), ('expired'), ('already'),
             ('processing')$$, 'a mixed batch');
select results_eq('select payment_id, said from pg_temp.said'
    ' order by payment_id',
    'values (1::bigint, pg_temp.as_said(11)), (2, pg_temp.as_said(22)),'
    ' (3, pg_temp.as_said(23)), (5, pg_temp.as_said(25))',
    'each that began has its own');
select results_eq($$select result from pg_temp.agree(
    '{5,3,99,7,3,8,10,1,2}', '{25,23,29,27,24,28,30,31,22}')$$,
    $$values ('processing'), ('processing'), ('not_found'), ('expired'),
             ('already'), ('amount_not_allowed'), ('expired'), ('already'),
             ('processing')$$, 'sent again');
select is(count(*)::int, 4, 'the same') from consent;
select ok(block_add(encode(sha256('n41'), 'hex'), 1, 'test'), 'blocked');
select is(result, 'blocked_by_subscriber', 'is not begun')
  from pg_temp.agree('{4}', '{41}');
select is(count(*)::int, 4, 'nor written') from consent;
select is(result, 'processing', 'what nobody showed is null')
  from pg_temp.agree('{6}', '{26}', '{null}');
select is(shown, null, 'also here') from consent where payment_id = 6;

-- with a server's charge

create function pg_temp.charges() returns table (result text)
language plpgsql
as $$
begin
    insert into op (id, key, pseudonym)
    values (50, 'c50', 200), (51, 'c51', null), (52, 'c52', 999),
           (53, 'c53', 200), (54, 'c53', 200), (53, 'c53', 200),
           (55, 'k1', 200);
    return query select c.result from pg_temp.create_ops() c;
end
$$;
select results_eq('select * from pg_temp.charges()',
    $$values ('processing'), ('pending'), ('subscriber_unknown'),
             ('processing'), ('in_flight'), ('in_flight'), ('replay')$$,
    'a mixed batch');
select results_eq('select id, consent_id from payment where id >= 50'
    ' order by 1',
    'values (50::bigint, 90::bigint), (51, null), (53, 90)',
    'who is charged has agreed before, and the charge names it');
select is_empty('select 1 from consent where payment_id >= 50',
                'which writes nothing');
select results_eq('select * from pg_temp.charges()',
    $$values ('processing'), ('pending'), ('subscriber_unknown'),
             ('processing'), ('in_flight'), ('in_flight'), ('replay')$$,
    'sent again');
select is(count(*)::int, 2, 'the same') from payment where consent_id = 90;
select ok(block_add(encode(sha256('33600000001'), 'hex'), 1, 'test'),
          'one who wants no more');
insert into op (id, key, pseudonym) values (60, 'c60', 200);
select is(result, 'blocked_by_subscriber', 'is not charged')
  from pg_temp.create_ops();
select is(consent_id, null, 'and has not agreed') from payment where id = 60;

-- a payment that succeeds is what later charges rest on

select is(result, 'applied', 'a payment with a page succeeds')
  from pg_temp.finish(5, 'succeeded');
select results_eq('select known_since is not null, consent_id from pseudonym'
    ' where id = 425', 'values (true, 25::bigint)',
    'its consent makes the subscriber');
insert into op (id, key, pseudonym) values (61, 'c61', 425);
select is(result, 'processing', 'who is charged again')
  from pg_temp.create_ops();
select is(consent_id, 25::bigint, 'by that consent') from payment
 where id = 61;

-- every intent to charge has one, and nothing else

select is_empty('select p.id from payment p where id <> 60 and'
    ' (p.attempt is not null) <> (p.consent_id is not null) or'
    ' p.attempt <> p.id and not exists (select from consent c'
    ' where c.id = p.consent_id and c.payment_id = p.id'
    ' and c.merchant_id = p.merchant_id)',
    'a consent for each charge, and for nothing else');

-- no role can change a consent (structure.sql has more)

select throws_ok(s, '23001', null, 'refused: ' || s)
  from unnest(array['update consent set shown = null where payment_id = 1',
                    'delete from consent where payment_id = 1',
                    'insert into consent (id, at, merchant_id,'
                        ' method) values (11, 0, 1, ''x'') on conflict'
                        ' (id) do update set at = 1',
                    'truncate consent']) s;
select throws_ok('insert into consent (id, at, merchant_id, method)'
                 ' values (11, 0, 1, ''x'')', '23505', null,
                 'nor writes a second one');

select * from finish();
rollback;
