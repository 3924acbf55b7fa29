-- Charging records: periods without a gap, rows in one order, and what is kept
-- of a file.

\ir lib/fixture.sql

select * from no_plan();

insert into cdr_template (operator, every, columns, names, header, separator,
                          date_format, time_zone)
values ('demo_fr', 'day', '{reference}', '{reference}', true, ';',
        'YYYY-MM-DD', 'Europe/Paris');

select throws_ok(format('insert into cdr_template (operator, every, columns,'
        ' names, header, separator, date_format, time_zone)'
        ' values (''demo_fr'', %L, %L, %L, true, %L, ''YYYY'', ''UTC'')',
        every, columns, names, separator), '23514', null, said)
  from (values ('week', '{row}', '{row}', ';', 'no file of a week'),
               ('day', '{msisdn}', '{row}', ';', 'no such column'),
               ('day', '{row}', '{row,x}', ';', 'a name a column'),
               ('day', '{}', '{}', ';', 'no columns'),
               ('day', '{row}', '{row}', '"', 'no such separator'))
       bad (every, columns, names, separator, said);

-- Three charges, two of them at one instant, one late, and two refunds.

do $$
begin
    perform pg_temp.charge_of('{1,2,3,4,5}');
    perform pg_temp.finish_all('{1,2,3}', '{succeeded,succeeded,succeeded}',
                               array[null, null, null]::text[], '{a,b,c}');
    perform pg_temp.finish(4, 'failed', 'generic_decline');
    perform pg_temp.finish(4, 'succeeded');

    for n in 50 .. 51 loop
        perform refund_begin(n, 1, false, 1, 100, null, gen_random_uuid(),
                             gen_random_uuid());
        perform refund_finish(n, 'succeeded', null, 'back-' || n, null, null);
    end loop;
end
$$;

alter table journal disable trigger all;
set local enable_seqscan = on;

-- the hours of a day on which the clock goes back, in Paris
select extract(epoch from '2026-10-25 00:00'::timestamp
               at time zone 'Europe/Paris')::bigint * 1000 as day \gset
update journal set at = :day + 100 * 60000 where payment_id in (1, 2)
   and operation = 1;
update journal set at = :day + 99 * 60000 where payment_id = 3;
update journal set at = :day + 160 * 60000 where payment_id = 4;
update journal set at = :day + 1500 * 60000 - 1
 where payment_id = 1 and operation = 2;
update journal set at = :day + 1500 * 60000
 where payment_id = 1 and operation = 3;

select results_eq(format('select class, payment_id, id, operator_reference,'
        ' kind, posted, amount, exponent::int, merchant_id, category'
        ' from cdr_rows(1, %s, %s)', :day, :day + 1500 * 60000),
    $$values ('p'::"char", 3::bigint, 3::bigint, 'c', 'charge',
              '20261025013900', 499::bigint, 2, 1, 'digital_content'),
             ('p', 1, 1, 'a', 'charge', '20261025014000', 499, 2, 1,
              'digital_content'),
             ('p', 2, 2, 'b', 'charge', '20261025014000', 499, 2, 1,
              'digital_content'),
             ('p', 4, 4, 'reference', 'charge', '20261025024000', 499, 2, 1,
              'digital_content'),
             ('r', 1, 50, 'back-50', 'refund', '20261025235959', 100, 2, 1,
              'digital_content')$$,
    'the rows of a day of 25 hours');
select is_empty(format('select * from cdr_rows(1, %s, %s)', :day,
                       :day + 99 * 60000), 'a period without postings');
select results_eq(format('select id, amount from cdr_rows(1, %s, %s)',
                         :day + 1500 * 60000, :day + 1600 * 60000),
                  'values (51::bigint, 100::bigint)', 'the day after');

-- What is taken back and given back, by whichever bearer, and what people pay
-- back by hand.

insert into cdr_template (operator, every, columns, names, header, separator,
                          date_format, time_zone)
values ('demo_cm', 'day', '{reference}', '{reference}', true, ';',
        'YYYY-MM-DD', 'UTC');
select currval(pg_get_serial_sequence('cdr_template', 'id')) as cm \gset

insert into op (id, key, currency, pseudonym)
select i, 'charge ' || i, 'XAF', 202 from generate_series(60, 63) i;

do $$
begin
    perform contract_add(1, 'demo_cm', 0, null, 3000, 500, 10,
                         p_refund_way => 'm', p_chargeback_bearer => 'p',
                         p_non_payment_bearer => 'o');
    set local enable_seqscan = off;
    perform pg_temp.create_ops();
    perform pg_temp.finish_all('{60,61,62,63}',
        array_fill('succeeded'::text, array[4]),
        array_fill(null::text, array[4]), '{w,x,y,z}');
    perform chargeback_add(2, 100, 'f', 'CB-2');
    perform chargeback_add(60, 100, 'c', 'CB-60');
    perform chargeback_add(60, 399, 'c', 'CB-60-2');
    perform chargeback_reverse(60, 2, 'WON-60');
    perform chargeback_add(61, null, 'n', 'CB-61');
    perform refund_begin(70, 1, false, 62, 99, null, gen_random_uuid(),
                         gen_random_uuid());
    perform refund_finish(70, 'succeeded', null, 'BANK-70', null, null);
    set local enable_seqscan = on;
end
$$;

update journal set at = :day + 1700 * 60000
 where payment_id between 60 and 63;
update journal set at = :day + 1800 * 60000
 where payment_id in (2, 60, 62) and operation > 1;

select results_eq(format('select class, id, attempt::int, operator_reference,'
        ' kind, amount from cdr_rows(%s, %s, %s)', :cm, :day,
        :day + 2000 * 60000),
    $$values ('p'::"char", 60::bigint, 1, 'w', 'charge', 499::bigint),
             ('p', 61, 1, 'x', 'charge', 499),
             ('p', 62, 1, 'y', 'charge', 499),
             ('p', 63, 1, 'z', 'charge', 499),
             ('k', 60, 2, 'CB-60', 'chargeback', 100),
             ('k', 60, 3, 'CB-60-2', 'chargeback', 399),
             ('k', 60, 4, 'WON-60', 'chargeback_reversed', 100),
             ('r', 70, 0, 'BANK-70', 'refund', 99)$$,
    'chargebacks are rows, but those that the operator bears, and what people'
    ' pay back is one');
select results_eq(format('select id, operator_reference from cdr_rows(1, %s,'
                         ' %s)', :day + 1800 * 60000, :day + 2000 * 60000),
                  $$values (2::bigint, 'CB-2')$$,
                  'one that the merchant bears is a row, too');

select is(sum(case when r.kind in ('charge', 'chargeback_reversed')
                   then r.amount else -r.amount end)::bigint,
          (select sum(e.amount)::bigint from entry e
            where e.account = 'test:operator:' || t.operator || ':receivable'
              and e.at >= d.low and e.at < d.high),
          format('the rows of %s, period %s, are what was posted to its'
                 ' account', t.operator, d.number))
  from (values (1, :day, :day + 1500 * 60000),
               (2, :day + 1500 * 60000, :day + 1800 * 60000),
               (3, :day + 1800 * 60000, :day + 2000 * 60000))
       d (number, low, high)
 cross join cdr_template t
 cross join lateral cdr_rows(t.id, d.low, d.high) r
 group by t.operator, d.number, d.low, d.high;

-- Which one is next.

select results_eq(format('select seq, high - low, open'
                         ' from cdr_next(''demo_fr'', %s)', :day),
                  'values (1, 25 * 3600000::bigint, null::text)',
                  'the first file, of a day of 25 hours');
select results_eq(format('select seq, high - low, open'
                         ' from cdr_next(''demo_fr'', %s)',
                         :day + 5 * 3600000),
                  'values (1, 20 * 3600000::bigint, null::text)',
                  'one that begins within a day ends with it');
select lives_ok(format('select cdr_add(''demo_fr'', 1, 1, %s, %s, ''me'','
    ' ''a.csv'', 5, sha256(''a''), array[''\x01'', ''\x02'']::bytea[])', :day,
    :day + 1500 * 60000), 'it was made');
select results_eq(format('select seq, low - %s, high - low'
                         ' from cdr_next(''demo_fr'', 0)', :day),
                  'values (2, 25 * 3600000::bigint, 24 * 3600000::bigint)',
                  'the next one begins where it ends');
select throws_ok(format('select cdr_add(''demo_fr'', 1, %s, %s, %s, ''me'','
        ' ''b.csv'', 0, sha256(''b''), ''{}'')', seq, :day + low * 3600000,
        :day + high * 3600000), '55000', format('file %s is not the next one',
                                                seq), said)
  from (values (3, 25, 49, 'no number is left out'),
               (1, 25, 49, 'no number is used twice'),
               (2, 26, 49, 'no time is left out'),
               (2, 25, 48, 'no file of a part'))
       bad (seq, low, high, said);
select is(array_agg(digest order by part), array['\x01', '\x02']::bytea[],
          'the digests of its rows are kept')
  from cdr_digest;
select throws_ok('select * from cdr_next(''net_fr'', 0)', 'P0002', null,
                 'an operator without a template');

insert into cdr_template (operator, every, columns, names, header, separator,
                          date_format, time_zone)
values ('demo_fr', 'hour', '{row}', '{row}', true, ';', 'YYYY-MM-DD',
        'Europe/Paris');
select results_eq('select template_id > 1, seq, high - low'
                  ' from cdr_next(''demo_fr'', 0)',
                  'values (true, 2, 3600000::bigint)',
                  'another template is in force from the next file on');
insert into cdr_template (operator, every, columns, names, header, separator,
                          date_format, time_zone)
values ('net_fr', 'hour', '{row}', '{row}', true, ';', 'YYYY-MM-DD', 'UTC');
select matches(open, 'has not ended', 'an hour that is not over is open')
  from cdr_next('net_fr', now_ms());

set local role carrierpay_recon;
select throws_ok(s, '42501', null, 'refused to reconciliation: ' || s)
  from unnest(array['update carrierpay.cdr_template set every = ''day''',
                    'insert into carrierpay.cdr_digest values (1, 3, ''x'')',
                    'select * from carrierpay.cdr_posted(''demo_fr'', 0, 1)'])
       s;
select lives_ok('select * from carrierpay.cdr_rows(1, 0, 1)', 'it reads rows');
reset role;

select * from finish();
rollback;
