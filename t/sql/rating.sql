-- Rating: VAT rates, categories, price points, and the splits that follow.

\ir lib/fixture.sql

select * from no_plan();

-- the operators of three currencies, with 0, 2 and 3 digits

insert into operator (code, name, country, currency, sandbox)
values ('demo_tn', 'Demo Tunisie', 'TN', 'TND', true),
       ('demo_be', 'Demo Belgique', 'BE', 'EUR', true);
insert into vat_rate (country, category, valid_from, bp)
values ('TN', 'd', 0, 1900), ('BE', 'd', 0, 2100), ('FR', 'v', 0, 2000),
       ('FR', 'c', 0, 0), ('FR', 't', 0, 550), ('FR', 'g', 0, 2000);
insert into merchant (id, name) values (3, 'Third'), (4, 'Fourth');
insert into subscriber (id, msisdn_index, live, msisdn, operator)
values (110, sha256('21600000001'), false, '\xaa04', 'demo_tn');
insert into pseudonym (id, merchant_id, subscriber_id, live, known_since,
                       consent_id, later_max, currency)
values (210, 3, 100, false, 0, 1, split_limit(), 'EUR'),
       (211, 3, 102, false, 0, 2, split_limit(), 'XAF'),
       (212, 3, 110, false, 0, 3, split_limit(), 'TND');
do $$
begin
    perform contract_add(3, 'demo_fr', 0, null, 3000, 500, 10);
    perform contract_add(3, 'demo_cm', 0, null, 2500, 150, 0);
    perform contract_add(3, 'demo_tn', 0, null, 4000, 275, 50);
end
$$;

-- Splits computed by hand.  VAT is gross * bp / (10000 + bp), the operator has
-- a share of what is left, the fee is of the gross amount; each is rounded
-- once, half a unit up, and the merchant has the rest.

create temp table hand (id bigint, currency text, pseudonym bigint,
    amount bigint, tax bigint, share bigint, fee bigint, net bigint);
insert into hand values
    -- 20 %, 30 %, 5 % + 0.10: 499/6 = 83.17; 416 * .3 = 124.8; 24.95
    (1, 'EUR', 210, 499, 83, 125, 35, 256),
    -- 99/6 = 16.5; 82 * .3 = 24.6; 4.95
    (2, 'EUR', 210, 99, 17, 25, 15, 42),
    -- 5000/6 = 833.33; 4167 * .3 = 1250.1; 250
    (3, 'EUR', 210, 5000, 833, 1250, 260, 2657),
    -- 30/6 = 5; 25 * .3 = 7.5; 1.5
    (4, 'EUR', 210, 30, 5, 8, 12, 5),
    -- 19.25 %, 25 %, 1.5 %: 500 * 1925/11925 = 80.71; 419 * .25 = 104.75; 7.5
    (5, 'XAF', 211, 500, 81, 105, 8, 306),
    -- 1 * 1925/11925 = .16; 1 * .25 = .25; .015
    (6, 'XAF', 211, 1, 0, 0, 0, 1),
    -- 1193 * 1925/11925 = 192.58; 1000 * .25 = 250; 17.895
    (7, 'XAF', 211, 1193, 193, 250, 18, 732),
    -- 10000 * 1925/11925 = 1614.26; 8386 * .25 = 2096.5; 150
    (8, 'XAF', 211, 10000, 1614, 2097, 150, 6139),
    -- 19 %, 40 %, 2.75 % + 0.050: 1500 * 19/119 = 239.496; 1261 * .4 =
    -- 504.4; 41.25
    (9, 'TND', 212, 1500, 239, 504, 91, 666),
    -- 119 * 19/119 = 19; 100 * .4 = 40; 3.2725
    (10, 'TND', 212, 119, 19, 40, 53, 7),
    -- 2000 * 19/119 = 319.33; 1681 * .4 = 672.4; 55
    (11, 'TND', 212, 2000, 319, 672, 105, 904);

insert into op (id, key, merchant, amount, currency, pseudonym)
select id, 'hand ' || id, 3, amount, currency, pseudonym from hand order by id;
create temp table created as
select r.* from (select array_agg(o order by ord) as o from op o) a
 cross join lateral payment_create(
       array(select id from unnest(a.o)),
       array(select merchant from unnest(a.o)),
       array(select live from unnest(a.o)),
       array(select md5(key)::uuid from unnest(a.o)),
       array(select md5(request)::uuid from unnest(a.o)),
       array(select amount from unnest(a.o)),
       array(select currency from unnest(a.o)),
       array(select 'Coins' from unnest(a.o)),
       array(select null::text from unnest(a.o)),
       array(select null::text from unnest(a.o)),
       array(select '{}' from unnest(a.o)),
       array(select pseudonym from unnest(a.o)),
       array(select expires from unnest(a.o)),
       array(select locale from unnest(a.o)),
       array(select email from unnest(a.o))) r;
delete from op;

select results_eq('select result, payment_id, tax, share, fee from created'
    ' order by ord',
    'select ''processing'', id, tax, share, fee from hand order by id',
    'the splits as computed by hand');
select results_eq('select id, tax, share, fee, category::text from payment'
    ' where merchant_id = 3 order by id',
    'select id, tax, share, fee, ''d'' from hand order by id',
    'are stored with the payments');
select results_eq('select g.id, g.tax, g.share, g.fee, g.category'
    ' from hand h, lateral payment_get(3, false, h.id) g order by 1',
    'select id, tax, share, fee, ''digital_content'' from hand order by id',
    'and shown');
select is(count(*)::int, 11, 'all succeed') from pg_temp.finish_all(
    array(select id from hand), array(select 'succeeded' from hand),
    array(select null::text from hand), array(select null::text from hand))
 where result = 'applied';
select results_eq('select h.id, -sum(e.amount) from hand h join entry e on'
    ' e.payment_id = h.id and e.account = ''test:merchant:3:payable'''
    ' group by h.id order by 1',
    'select id, net::numeric from hand order by id',
    'the merchant is owed the rest, exactly');

-- VAT rates follow each other

-- The tax of a charge of 12.00, or why it is refused.
create function pg_temp.tax_of(id bigint, category text default null)
returns text
language plpgsql
as $$
declare
    v_result text;
begin
    insert into op (id, key, pseudonym, category, amount)
    values ($1, 'rated ' || $1, 200, $2, 1200);
    select c.result into v_result from pg_temp.create_ops() c;

    return coalesce((select p.tax::text from payment p where p.id = $1),
                    v_result);
end
$$;

select is(pg_temp.tax_of(100), '200', '20 % of today');
insert into vat_rate (country, category, valid_from, bp)
values ('FR', 'd', now_ms() + 3600000, 5000);
select is(pg_temp.tax_of(101), '200', 'tomorrow''s is not in force');
insert into vat_rate (country, category, valid_from, bp)
values ('FR', 'd', now_ms() - 1000, 1000);
select is(pg_temp.tax_of(102), '109', 'the next one is: 1200 / 11');
insert into vat_rate (country, category, valid_from, bp)
select 'FR', 'd', max(valid_from), 2500 from vat_rate
 where country = 'FR' and category = 'd' and valid_from < now_ms();
select is(pg_temp.tax_of(103), '240', 'of two from one instant the later one');
insert into vat_rate (country, category, valid_from, bp)
values ('FR', 'd', 5, 0);
select is(pg_temp.tax_of(104), '240', 'one that was followed long ago');
select is(tax, 200::bigint, 'what was rated stays so') from payment
 where id = 100;

-- categories

select is(pg_temp.tax_of(110, 'tickets'), '63', 'tickets: 1200 * 5.5/105.5');
select is(pg_temp.tax_of(111, 'charity'), '0', 'charity has none here');
select is(pg_temp.tax_of(112, 'physical_goods'), '200', 'goods are taken');
select results_eq('select category from payment_get(1, false, 110)',
    $$values ('tickets')$$, 'the payment names its category');
update operator set refuses = '{g,c}' where code = 'demo_fr';
select is(pg_temp.tax_of(113, 'physical_goods'), 'category_not_allowed',
          'goods are refused');
select is(pg_temp.tax_of(114, 'charity'), 'category_not_allowed',
          'charity, too');
select is(pg_temp.tax_of(115, 'tickets'), '63', 'tickets are not');
select is(pg_temp.tax_of(116, 'voice'), '200', 'voice');
select throws_ok('update operator set refuses = ''{x}''', '23514', null,
                 'there are five categories');
select throws_ok('update operator set refuses = ''{null}''', '23514', null,
                 'and null is none');
select throws_ok('update merchant set category = ''x''', '23514', null,
                 'nor does a merchant sell anything else');

-- a checkout without an operator: some contract must do

do $$
begin
    perform contract_add(4, 'demo_fr', 0, null, 0, 0, 0);
    perform contract_add(4, 'demo_be', 0, null, 0, 0, 0);
end
$$;
create function pg_temp.checkout(id bigint, amount bigint default 499,
    category text default null, merchant int default 4,
    currency text default 'EUR')
returns text
language sql
as $$
insert into op (id, key, merchant, amount, category, currency)
values ($1, 'checkout ' || $1, $4, $2, $3, $5);
select result from pg_temp.create_ops();
$$;

select is(pg_temp.checkout(120), 'pending', 'a checkout');
select is(pg_temp.checkout(121, category => 'tickets'), 'pending',
          'one operator takes tickets');
select is(pg_temp.checkout(122, category => 'physical_goods'),
          'category_not_allowed', 'none takes goods');
select is(pg_temp.checkout(123, category => 'tickets', currency => 'XAF'),
          'currency_mismatch', 'the currency is the first reason');
select results_eq('select result, state from pg_temp.begin_all(''{121}'','
    ' ''{1121}'', ''{demo_be}'', ''{1}'', array[sha256(''321'')], ''{2}'')',
    $$values ('category_not_allowed', 'pending')$$,
    'the line''s operator does not: the payment waits on');
select is(result, 'processing', 'for another one')
  from pg_temp.begin_all('{121}', '{1122}', '{demo_fr}', '{3}',
                         array[sha256('331')], '{4}');
select is(tax, 26::bigint, 'and is rated as tickets: 499 * 5.5/105.5')
  from payment where id = 121;

-- price points: the tools

select is(price_allowed(a, '{99,199,499}', null, null, null), allowed,
          'a list: ' || a)
  from (values (99, true), (199, true), (499, true), (98, false),
               (100, false), (500, false)) v (a, allowed);
select is(price_allowed(a, null, 100, 450, 100), allowed, 'a range: ' || a)
  from (values (100, true), (400, true), (200, true), (99, false),
               (0, false), (-100, false), (450, false), (500, false),
               (101, false)) v (a, allowed);
select ok(price_allowed(a, null, null, null, null), 'no points: ' || a)
  from unnest(array[1, 499000]) a;
select is((price_below(a, '{99,199,499}', null, null, null),
           price_above(a, '{99,199,499}', null, null, null)),
          (below::bigint, above::bigint), 'near ' || a || ' in a list')
  from (values (1, null, 99), (99, null, 199), (100, 99, 199),
               (199, 99, 499), (499, 199, null), (499000, 499, null))
       v (a, below, above);
select is((price_below(a, null, 100, 450, 100),
           price_above(a, null, 100, 450, 100)),
          (below::bigint, above::bigint), 'near ' || a || ' in a range')
  from (values (-5, null, 100), (99, null, 100), (100, null, 200),
               (101, 100, 200), (200, 100, 300), (399, 300, 400),
               (400, 300, null), (401, 400, null), (450, 400, null),
               (451, 400, null), (9223372036854775807, 400, null))
       v (a, below, above);
select is((price_below(a, null, 100, 450, 100),
           price_above(a, null, 100, 450, 100)),
          ((select max(p) from generate_series(100::bigint, 450, 100) p
             where p < a),
           (select min(p) from generate_series(100::bigint, 450, 100) p
             where p > a)),
          'near ' || a || ', by trying all')
  from unnest(array[1, 50, 150, 250, 299, 300, 301, 449, 10000]) a;
select throws_ok('insert into price_list (operator, valid_from, ' || columns
                 || ') values (''demo_fr'', 0, ' || given || ')',
                 '23514', null, 'no price points: ' || given)
  from (values ('amounts', '''{}'''), ('amounts', '''{5,4}'''),
               ('amounts', '''{5,5}'''), ('amounts', '''{0,5}'''),
               ('amounts', '''{5,null}'''),
               ('amounts', 'array[split_limit() + 1]'),
               ('lowest', '100'), ('lowest, highest', '100, 200'),
               ('lowest, highest, step', '200, 100, 1'),
               ('lowest, highest, step', '0, 100, 1'),
               ('lowest, highest, step', '1, 100, 0'),
               ('lowest, highest, step', '1, split_limit() + 1, 1'),
               ('amounts, lowest, highest, step', '''{5}'', 1, 2, 1'))
       v (columns, given);

-- price points of the operators: up to EUR 50, and EUR 5 and 10

insert into price_list (operator, valid_from, lowest, highest, step)
values ('demo_fr', 0, 50, 5000, 50);
insert into price_list (operator, valid_from, amounts)
values ('demo_be', 0, '{500,525,1000}');

create function pg_temp.refused(id bigint, amount bigint,
    pseudonym bigint default null, merchant int default 4,
    category text default null)
returns text
language sql
as $$
select concat_ws(' ', r.result, coalesce(r.below, 0), coalesce(r.above, 0))
  from payment_create(array[$1], array[$4], '{f}',
       array[md5('refused ' || $1)::uuid], array[md5('')::uuid], array[$2],
       '{EUR}', '{Coins}', '{null}', '{null}', array['{}'], array[$3],
       array[now_ms() + 900000], '{null}', array[null::bytea], null,
       array[$5]) r;
$$;

select is(pg_temp.refused(130, 499000), 'amount_not_allowed 5000 0',
          'EUR 4,990 is refused when it is created');
select is(pg_temp.refused(131, 525), 'pending 0 0', 'one operator is enough');
select is(pg_temp.refused(132, 510), 'amount_not_allowed 500 525',
          'the nearest amounts are those of any operator');
select is(pg_temp.refused(133, 1), 'amount_not_allowed 0 50', 'too little');
select is(pg_temp.refused(134, 510, category => 'tickets'),
          'amount_not_allowed 500 550',
          'but not of one that refuses the category');
select is(pg_temp.refused(135, 525, 200, 1), 'amount_not_allowed 500 550',
          'a known line is charged by its operator alone');
select is(pg_temp.refused(136, 550, 200, 1), 'processing 0 0',
          'which allows this');
select is(pg_temp.refused(137, 49, 200, 1), 'amount_not_allowed 0 50',
          'a point of it that leaves the merchant something');
select is_empty('select 1 from payment where id in (130, 132, 133, 134, 135,'
                ' 137)', 'what is refused is not stored');
select results_eq('select result, state from pg_temp.begin_all(''{131}'','
    ' ''{1131}'', ''{demo_fr}'', ''{5}'', array[sha256(''332'')], ''{6}'')',
    $$values ('amount_not_allowed', 'pending')$$,
    'the line''s operator does not allow it: the payment waits on');
select is(result, 'processing', 'for another one')
  from pg_temp.begin_all('{131}', '{1132}', '{demo_be}', '{7}',
                         array[sha256('322')], '{8}');

-- in a batch, each has its own

insert into op (id, key, merchant, amount, pseudonym)
values (140, 'b1', 4, 500, null), (141, 'b2', 4, 501, null),
       (142, 'b3', 1, 550, 200), (143, 'b4', 1, 551, 200);
select results_eq('select result from pg_temp.create_ops()',
    $$values ('pending'), ('amount_not_allowed'), ('processing'),
             ('amount_not_allowed')$$, 'in one batch');

-- price points follow each other, and end

insert into price_list (operator, valid_from, amounts)
values ('demo_fr', now_ms() + 3600000, '{1}');
select is(pg_temp.refused(150, 49, 200, 1), 'amount_not_allowed 0 50',
          'tomorrow''s are not in force');
insert into price_list (operator, valid_from) values ('demo_fr', 1);
select is(pg_temp.refused(151, 499000, 200, 1), 'processing 0 0',
          'none any more: all amounts are allowed');
select is(pg_temp.refused(152, 1, 200, 1), 'amount_not_allowed 0 0',
          'but of this nothing would be left, and there are no points');

-- the most that a line may pay at once

select spend_configure('[
    {"operator":"demo_fr","apart":false,"max_payment":5000},
    {"operator":"demo_fr","apart":true,"max_payment":4000,"max_day":9000},
    {"operator":"demo_be","apart":false,"max_payment":700}]', now_ms());
select is(pg_temp.refused(160, 499000), 'amount_not_allowed 4000 0',
          'EUR 4,990 where a limit is the most: refused when it is created');
select is(pg_temp.refused(161, 4000), 'pending 0 0', 'the most');
select is(pg_temp.refused(162, 4001, 200, 1), 'amount_not_allowed 4000 0',
          'a charge without a page, too');
select is(pg_temp.refused(163, 4000, 200, 1), 'processing 0 0',
          'and its most');
select is(pg_temp.refused(164, 1000), 'pending 0 0',
          'one operator that allows it is enough');
select spend_limit_set(4, 'demo_fr', 600, null, null, null);
select is(pg_temp.refused(165, 650), 'amount_not_allowed 600 0',
          'a merchant''s own; a price point above a limit is none');
select is(pg_temp.refused(166, 650, 200, 1), 'processing 0 0',
          'it is no other merchant''s');
select is(pg_temp.refused(167, 510), 'pending 0 0', 'below it');
select spend_limit_set(4, 'demo_fr', 510, null, null, null);
select is(pg_temp.refused(168, 520), 'amount_not_allowed 510 525',
          'points of one operator, the most of another');
select is_empty('select 1 from payment where id in (160, 162, 165, 168)',
                'none of these is stored');
delete from spend_limit;

-- the same before a payment exists

create function pg_temp.eligible(operator text, amount bigint, category text)
returns text
language sql
as $$
select reason from eligibility_evaluate('{4}', '{f}', array[$1],
    array[sha256('33600000001')], array[$2], '{EUR}', array[$3]);
$$;

select is(pg_temp.eligible('demo_be', 500, 'digital_content'), null,
          'eligible');
select is(pg_temp.eligible('demo_be', 501, 'digital_content'),
          'amount_not_allowed', 'no price point');
select is(pg_temp.eligible('demo_be', 500, 'tickets'),
          'category_not_allowed', 'no VAT rate');
select is(pg_temp.eligible('demo_fr', 500, 'physical_goods'),
          'category_not_allowed', 'refused');

-- what no role but the owner's may call

select ok(not has_function_privilege('carrierpay', p.oid, 'execute'),
          'not for the service: ' || p.proname)
  from pg_proc p
 where pronamespace = 'carrierpay'::regnamespace
   and proname ~ '^(tariff|vat_rate|price_|payment_nearest|category)';

select * from finish();
rollback;
