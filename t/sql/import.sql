-- subscriber_import: numbers that consented elsewhere.

\ir lib/fixture.sql

select * from no_plan();

create function pg_temp.import(numbers text[], merchant int default 1,
    operator text default 'demo_fr', first_id bigint default 7000,
    later_max bigint default 900)
returns table (ord int, pseudonym_id bigint)
language sql
as $$
select i.* from subscriber_import(merchant, false, operator,
    array(select first_id + n from generate_subscripts(numbers, 1) n),
    array(select first_id + 1000 + n from generate_subscripts(numbers, 1) n),
    array(select encode(sha256(n::bytea), 'hex') from unnest(numbers) n),
    array(select 'cc' from unnest(numbers)),
    array(select later_max + n from generate_subscripts(numbers, 1) n)) i;
$$;

-- 33600000001 is known, as 100, and to merchant 1 as 200

select results_eq('select * from pg_temp.import('
    '''{33600000008,33600000001,33600000005,33600000008}'')',
    'values (1, 8001::bigint), (2, 200), (3, 8003), (4, 8001)',
    'a pseudonym a line, in order; a number twice has one');
select results_eq('select id, live, msisdn, operator from subscriber'
    ' where id in (100, 101, 7001, 7002, 7003, 7004) order by id',
    $$values (100::bigint, false, '\xaa01'::bytea, 'demo_fr'),
             (101, true, '\xaa02', 'net_fr'),
             (7001, false, '\xcc', 'demo_fr'),
             (7003, false, '\xcc', 'demo_fr')$$,
    'known numbers keep their rows, the other mode its own');
select results_eq('select n.subscriber_id, n.merchant_id, n.live, c.method,'
    ' c.payment_id, c.merchant_id, c.at = n.known_since, c.later_max,'
    ' c.currency, n.later_max, n.currency from pseudonym n'
    ' join consent c on c.id = n.consent_id where n.id = 8001',
    $$values (7001::bigint, 1, false, 'import', null::bigint, 1, true,
              901::bigint, 'EUR', 901::bigint, 'EUR')$$,
    'with the consent, and what it allows');
select is(count(*)::int, 3, 'one for each number') from consent;
select results_eq('select known_since, consent_id, later_max from pseudonym'
    ' where id = 200', 'values (0::bigint, 8002::bigint, 902::bigint)',
    'that of one who is known is the newest');
select results_eq('select * from pg_temp.import(''{33600000008,'
    '33600000001}'', 1, ''demo_cm'', 9000)',
    'values (1, 8001::bigint), (2, 200)', 'again: the same pseudonyms');
select results_eq('select operator, msisdn from subscriber'
    ' where id in (100, 7001) order by id',
    $$values ('demo_cm', '\xaa01'::bytea), ('demo_cm', '\xcc')$$,
    'the network is the one named last');
insert into pseudonym (id, merchant_id, subscriber_id, live, known_since,
                       consent_id, later_max, currency)
values (205, 2, 103, false, 0, 95, 900, 'EUR');
select results_eq('select * from pg_temp.import(''{33600000003}'', 1,'
    ' ''demo_fr'', 9400)',
    'values (1, 203::bigint)', 'one that was erased');
select is(msisdn, '\xcc', 'is sealed again') from subscriber where id = 103;
select results_eq('select id, later_max from pseudonym'
    ' where subscriber_id = 103 and known_since is not null',
    'values (203::bigint, 901::bigint)',
    'and may have another holder, whom no other merchant knows');
select isnt(pseudonym_id, 8001::bigint, 'another merchant sees another')
  from pg_temp.import('{33600000008}', 2, 'demo_fr', 9500);

select is(count(*)::int, 0, 'each has a row of what it spends')
  from subscriber s
 where operator in ('demo_fr', 'net_fr') and id >= 7000 and not exists (
       select from spend x where x.msisdn_index = s.msisdn_index
          and x.live = s.live and x.merchant_id = 0);

-- and they can be charged, also one that had only declined before

insert into pseudonym (id, merchant_id, subscriber_id, live)
values (8600, 1, 7003, true), (8601, 2, 7003, false);
select results_eq('select * from pg_temp.import(''{33600000005}'', 2,'
    ' ''demo_fr'', 9600)',
    'values (1, 8601::bigint)', 'one that a merchant does not know yet');
select results_eq('select id, known_since is not null, consent_id is not null'
    ' from pseudonym where subscriber_id = 7003 order by id',
    $$values (8003::bigint, true, true), (8600, false, false),
             (8601, true, true)$$,
    'is known from now on, in this mode');
update pseudonym set known_since = 1 where id = 8601;
select count(*) as consents from consent \gset
select count(*) from pg_temp.import('{33600000005}', 2, 'demo_fr', 9700)
       \gset ignore_
select is(known_since, 1::bigint, 'and since when it stays')
  from pseudonym where id = 8601;
select is(count(*), :consents + 1::bigint, 'by one consent more')
  from consent;
select throws_ok('select * from pg_temp.import(''{33600000006}'','
    ' first_id => 9900, later_max => ' || coalesce(m, 'null') || ')', '23514',
    null,
    'no consent to later charges of ' || coalesce(m, 'nothing'))
  from unnest(array['-1', null]) m;
insert into op (id, key, pseudonym) values (1, 'a', 8003);
select is(result || ' ' || encode(msisdn, 'hex'), 'processing cc',
          'charged') from pg_temp.create_ops();
select is(consent_id, 8003::bigint, 'by the consent of the import')
  from payment where id = 1;

select * from finish();
rollback;
