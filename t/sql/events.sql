-- event_view: every event of a payment, with the payment as it was then; and
-- payment_first, the answer to its creation.

\ir lib/fixture.sql

select * from no_plan();

-- Payments 1 to 9 wait for their shopper; 11 to 16 are charged as they are
-- made.

insert into op (id, key, expires, locale, pseudonym)
select i, 'event ' || i, now_ms() + case i when 6 then -1 else 900000 end,
       case i when 2 then 'en' end, case when i > 10 then 200 end
  from unnest(array[1, 2, 3, 4, 5, 6, 7, 11, 12, 13, 14, 15, 16]) i;
select count(*) from pg_temp.create_ops() \gset ignore_

create function pg_temp.told(id bigint) returns text
language sql
as $$
select string_agg(concat_ws(' ', seq, type, state,
                            case when outcome_unknown then 'unknown' end,
                            case when approval then 'approval' end,
                            failure_code, operator, locale), ', '
                  order by seq)
  from event_view where payment_id = $1;
$$;

create temp table answer as
select f.* from generate_series(1, 7) i, lateral payment_first(i) f;
select results_eq('select * from answer order by id',
    'select * from payment_view where id < 10 order by id',
    'the first answer is the payment as it was stored');
select is_empty('select * from payment_first(11)',
                'there is none while a charge has no outcome');

-- begun on a page in another language than the merchant asked for

select is(result, 'processing', 'begun ' || i)
  from generate_series(1, 4) i,
       lateral payment_begin(array[i], array[20 + i], '{demo_fr}',
           array[300 + i], array[sha256(i::text::bytea)],
           array['\xbb']::bytea[], array[400 + i], '{header_enrichment}',
           '{null}', '{4000}', '{de}', array['\xcc']::bytea[],
           array['{}'], '{192.0.2.1}', '{Agent}', '{null}');
select is(pg_temp.told(1), '1 payment.created pending', 'no event of that');

select count(*) from pg_temp.finish_all('{1,2,3,4}',
    '{succeeded,failed,unknown,approval}', '{null,declined,null,null}',
    '{a,b,c,d}') \gset ignore_
select count(*) from payment_cancel('{5}') \gset ignore_
select count(*) from payment_expire('{6}') \gset ignore_

select is(pg_temp.told(id), said, format('payment %s', id))
  from (values
       (1, '1 payment.created pending, '
           '2 payment.succeeded succeeded demo_fr de'),
       (2, '1 payment.created pending en, '
           '2 payment.attempt_failed pending en'),
       (3, '1 payment.created pending'), (4, '1 payment.created pending'),
       (5, '1 payment.created pending, 2 payment.canceled canceled'),
       (6, '1 payment.created pending, 2 payment.expired expired'),
       (7, '1 payment.created pending')) v (id, said);

-- What only tells who paid is not in the answer of a payment that waits.

create function pg_temp.answers() returns setof payment_view
language sql
as $$
select f.* from generate_series(1, 7) i, lateral payment_first(i) f;
$$;
select results_eq('select (to_jsonb(a) - array[''pseudonym_id'', ''msisdn'','
    ' ''attempt''])::text from pg_temp.answers() a order by id',
    'select (to_jsonb(a) - array[''pseudonym_id'', ''msisdn'','
    ' ''attempt''])::text from answer a order by id',
    'and the first answers are what they were');

-- charged as they are made

select count(*) from pg_temp.finish_all('{11,12,13,14,15}',
    '{succeeded,failed,unknown,approval,approval}',
    '{null,declined,null,null,null}', '{a,b,c,d,e}') \gset ignore_
select is(pg_temp.told(id), said, format('charge %s', id))
  from (values
       (11, '1 payment.succeeded succeeded demo_fr'),
       (12, '1 payment.failed failed declined demo_fr'),
       (13, '1 payment.processing processing unknown demo_fr'),
       (14, '1 payment.processing processing approval demo_fr'),
       (16, null)) v (id, said);

create temp table first as
select f.* from generate_series(11, 15) i, lateral payment_first(i) f;
select results_eq('select (to_jsonb(f) - ''pin'')::text from first f'
    ' order by id',
    'select (to_jsonb(v) - ''pin'')::text from payment_view v'
    ' where id between 11 and 15 order by id',
    'the first answer of a charge is the payment as it is then');

select count(*) from pg_temp.finish_all('{13,14}', '{approval,unknown}',
    '{null,null}', '{c,d}') \gset ignore_
select is(pg_temp.told(id), said, format('charge %s, asked again', id))
  from (values
       (13, '1 payment.processing processing unknown demo_fr'),
       (14, '1 payment.processing processing approval demo_fr'))
       v (id, said);

select count(*) from pg_temp.finish_all('{13,14,15}',
    '{succeeded,failed,failed}', '{null,declined,approval_expired}',
    '{c,d,e}') \gset ignore_
select is(pg_temp.told(id), said, format('charge %s, in the end', id))
  from (values
       (13, '1 payment.processing processing unknown demo_fr, '
            '2 payment.succeeded succeeded demo_fr'),
       (14, '1 payment.processing processing approval demo_fr, '
            '2 payment.failed failed declined demo_fr'),
       (15, '1 payment.processing processing approval demo_fr, '
            '2 payment.failed failed approval_expired demo_fr'))
       v (id, said);
select results_eq('select f.* from generate_series(11, 15) i,'
    ' lateral payment_first(i) f', 'table first',
    'the first answers are what they were');

-- when it happened

select is_empty('select e.payment_id from event_view e join payment p on'
    ' p.id = e.payment_id where e.at <> case e.type when ''payment.created'''
    ' then id_time(p.id) when ''payment.processing'' then (select at from'
    ' event where payment_id = p.id) when ''payment.attempt_failed'' then'
    ' (select at from attempt where payment_id = p.id) else p.ended end',
    'each event has its own time');

select * from finish();
rollback;
