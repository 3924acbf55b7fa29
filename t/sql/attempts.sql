-- Attempts: what was declined on a shopper's page waits for another line.

\ir lib/fixture.sql

select * from no_plan();

-- Begins and finishes an attempt; the outcome is that of the attempt that is
-- named, whatever the payment is at.
create function pg_temp.try(payment bigint, attempt bigint,
    number text default '33600000009', operator text default 'demo_fr')
returns text
language sql
as $$
select result
  from pg_temp.begin_all(array[$1], array[$2], array[$4],
       array[700000 + $2], array[sha256(number::bytea)], array[800000 + $2]);
$$;

create function pg_temp.told(payment bigint, attempt bigint, outcome text,
    code text default null, reference text default 'op')
returns text
language sql
as $$
select concat_ws(' ', f.result, f.state, f.failure_code)
  from payment_finish(array[$1], array[$3], array[$4], array[$5],
                      array[null::bigint], array[null::bigint],
                      array[$2]) f;
$$;

create function pg_temp.is_at(payment bigint) returns text
language sql
as $$
select concat_ws(' ', v.state, v.operator, v.failure_code, v.declined)
  from payment_view v where v.id = $1;
$$;

create function pg_temp.events_of(payment bigint) returns text
language sql
as $$
select string_agg(concat_ws(' ', e.seq, e.type, e.state, e.operator,
                            regexp_count(e.declined, 'demo_')), ', '
                  order by e.seq)
  from event_view e where e.payment_id = $1;
$$;

create function pg_temp.spent(number text) returns bigint
language sql
as $$
select coalesce(sum(s.month_total), 0) from spend s
 where s.msisdn_index = sha256(number::bytea) and s.merchant_id = 0;
$$;

do $$
begin
    perform contract_add(1, 'demo_cm', 0, null, 3000, 500, 10);
end
$$;

insert into op (id, key, manual)
select i, 'attempts ' || i, i between 50 and 59
  from generate_series(1, 99) i;
select count(*) from pg_temp.create_ops() \gset ignore_

-- declined, then paid with another line

select is(pg_temp.try(1, 1001), 'processing', 'the first attempt begins');
select is(pg_temp.spent('33600000009'), 499::bigint, 'its line is charged');
select is(pg_temp.told(1, 1001, 'failed', 'insufficient_funds'),
          'applied pending insufficient_funds', 'it is declined');
select is(pg_temp.is_at(1), 'pending demo_fr insufficient_funds '
          || (select at from attempt where payment_id = 1),
          'the payment waits, and tells what was tried');
select is(pg_temp.spent('33600000009'), 0::bigint,
          'what was reserved of the line''s limits is given back');
select results_eq('select number::int, id, operator, failure_code,'
    ' operator_reference, subscriber_id from attempt where payment_id = 1',
    $$values (1, 1001::bigint, 'demo_fr', 'insufficient_funds', 'op',
              701001::bigint)$$, 'the attempt has a row');
select is_empty('select id from payment where id = 1 and coalesce(attempt,'
    ' consent_id, subscriber_id, pseudonym_id, share, tax, fee, contract_id,'
    ' ended) is not null', 'nothing of it is left in the payment');
select is(d.due_at, p.expires, 'a worker looks at it when it expires')
  from payment_due d join payment p on p.id = d.payment_id where p.id = 1;
select is(d.token, null, 'and no worker holds it') from payment_due d
 where d.payment_id = 1;
select is(pg_temp.events_of(1),
          '1 payment.created pending, 2 payment.attempt_failed pending 1',
          'the merchant is told of the attempt');
select is(count(*)::int, 2, 'at each endpoint') from outbox
 where payment_id = 1 and seq = 2;
select is_empty('select 1 from journal where payment_id = 1',
                'nothing is posted');
select is(pg_temp.told(1, 1001, 'failed', 'insufficient_funds'),
          'already pending', 'the same word again changes nothing');
select is(pg_temp.told(1, 1001, 'unknown'), 'already pending',
          'neither does it that the operator does not know any more');
select is(pg_temp.try(1, 1001), 'already',
          'an attempt that was declined does not begin again');

select is(pg_temp.try(1, 1002, '33600000008'), 'processing',
          'another line tries');
select is(pg_temp.try(1, 1003), 'already', 'one attempt at a time');
select is(pg_temp.told(1, 1001, 'failed', 'declined'), 'already processing',
          'a late word of the first attempt is not taken for this one''s');
select is(pg_temp.told(1, 1001, 'unknown'), 'already processing',
          'whatever that word is');
select is(pg_temp.told(1, 1002, 'unknown'), 'applied processing',
          'this one is unknown');
select is(pg_temp.try(1, 1003), 'already',
          'while an attempt is unknown no other one begins');
select is(pg_temp.told(1, 1002, 'succeeded'), 'applied succeeded',
          'it succeeds');
select is(pg_temp.events_of(1),
          '1 payment.created pending, 2 payment.attempt_failed pending 1,'
          ' 3 payment.succeeded succeeded demo_fr 1',
          'one event ends it');
select is(count(*)::int, 1, 'it is posted once') from journal
 where payment_id = 1;
select is(s.msisdn_index, sha256('33600000008'), 'the second line has paid')
  from payment p join subscriber s on s.id = p.subscriber_id where p.id = 1;

-- the same line again; another operator

select is(pg_temp.try(2, 1011), 'processing', 'a line tries');
select is(pg_temp.told(2, 1011, 'failed', 'declined_by_subscriber'),
          'applied pending declined_by_subscriber', 'its holder refuses');
select is(pg_temp.try(2, 1012), 'processing', 'it tries again');
select is(pg_temp.told(2, 1012, 'failed', 'insufficient_funds'),
          'applied pending insufficient_funds', 'it has no funds');
select is(pg_temp.try(2, 1013, '237600000009', 'demo_cm'),
          'currency_mismatch', 'an operator of another currency cannot');
select is(regexp_replace(pg_temp.is_at(2), '\d{13}', 'T', 'g'),
          'pending demo_fr declined_by_subscriber T'
          ' demo_fr insufficient_funds T', 'both attempts are told, in order');

-- what is declined too often has failed

select is(string_agg(pg_temp.try(3, 1020 + i)
                     || ' ' || pg_temp.told(3, 1020 + i, 'failed', 'c' || i),
                     ', ' order by i),
          'processing applied pending c1, processing applied pending c2,'
          ' processing applied pending c3, processing applied pending c4,'
          ' processing applied failed c5', 'the fifth decline is the last')
  from generate_series(1, 5) i;
select is(pg_temp.try(3, 1026), 'already', 'there is no sixth attempt');
select is(events, 6::smallint, 'every event is counted') from payment
 where id = 3;
select is(type || ' ' || failure_code, 'payment.failed c5',
          'it fails with the last reason')
  from event_view where payment_id = 3 and seq = 6;
select is_empty('select * from payment_due where payment_id = 3',
                'no worker looks at it any more');
select is(count(*)::int, 5, 'its attempts are read') from attempt
 where payment_id = 3;

-- a decline that is known only when its time is over

select is(pg_temp.try(4, 1031), 'processing', 'a payment begins');
update payment set expires = now_ms() - 1 where id = 4;
select is(pg_temp.told(4, 1031, 'failed', 'operator_unavailable'),
          'applied failed operator_unavailable',
          'declined after its time: it has failed, with the reason');
select is(pg_temp.events_of(4),
          '1 payment.created pending, 2 payment.failed failed demo_fr 1',
          'one event ends it, and no other one is told');
select is_empty('select * from payment_due where payment_id = 4',
                'no worker looks at it');

-- between attempts: canceled, expired

select count(pg_temp.try(i, 1040 + i)
             || pg_temp.told(i, 1040 + i, 'failed', 'declined'))
  from generate_series(5, 6) i \gset ignore_
select is(result || ' ' || state, 'canceled canceled',
          'it can be canceled between attempts')
  from payment_cancel('{5}');
update payment set expires = now_ms() - 1 where id = 6;
select is(result, 'expired', 'it expires between attempts')
  from payment_expire('{6}');
select is(regexp_replace(string_agg(pg_temp.is_at(i), ', ' order by i),
                         '\d{13}', 'T', 'g'),
          'canceled demo_fr declined T, expired demo_fr declined T',
          'the attempts stay to be read')
  from generate_series(5, 6) i;
select is(pg_temp.try(6, 1049), 'expired', 'what has expired does not begin');

-- the attempt that was declined was charged after all

select is(pg_temp.told(i, 1040 + i, 'succeeded', null, 'late'),
          'conflict ' || state_name(p.state), 'a late success of a payment'
          ' that is ' || state_name(p.state) || ' changes nothing')
  from generate_series(5, 6) i join payment p on p.id = i;
select is(pg_temp.told(1, 1001, 'succeeded', null, 'late'),
          'conflict succeeded', 'nor of one that another attempt has paid');
select is(pg_temp.told(2, 1011, 'succeeded', null, 'late'),
          'conflict pending', 'nor of one that waits');
select results_eq('select payment_id, kind, operator, recorded, said,'
    ' recorded_reference, reference from incident order by payment_id',
    $$select i, 'charged_not_recorded', 'demo_fr', 'attempt 1 failed',
             'attempt 1 succeeded', 'op', 'late'
        from unnest('{1,2,5,6}'::bigint[]) i$$,
    'each of them is an incident that names the attempt');
select results_eq('select payment_id, operation::int, amount, account'
    ' from entry where operation < 0 order by 1, leg',
    $$select i, -1, v.* from unnest('{1,2,5,6}'::bigint[]) i,
             (values (499::bigint, 'test:operator:demo_fr:receivable'),
                     (-499, 'test:operator:demo_fr:suspense')) v$$,
    'what was taken stands in suspense');
select results_eq('select r.payment_id, r.id, r.number, r.attempt, r.kind,'
    ' r.operator, r.amount from refund_view r order by 1',
    $$values (1::bigint, 1001::bigint, 2, 1, 'reversal', 'demo_fr',
              499::bigint),
             (2, 1011, 2, 1, 'reversal', 'demo_fr', 499),
             (5, 1045, 2, 1, 'reversal', 'demo_fr', 499),
             (6, 1046, 2, 1, 'reversal', 'demo_fr', 499)$$,
    'and is given back');
select is(pg_temp.told(2, 1011, 'succeeded', null, 'late'),
          'conflict pending', 'told again');
select is(count(*)::int, 1, 'it is given back once') from refund
 where payment_id = 2;

-- the payment goes on beside that

select is(pg_temp.told(2, 1012, 'succeeded', null, 'later'),
          'conflict pending', 'the second attempt was charged, too');
select is(result || ' ' || state, 'applied succeeded',
          'a reversal succeeds')
  from refund_finish(1011, 'succeeded', null, 'back', null, null);
select is(pg_temp.try(2, 1014, '33600000007'), 'processing',
          'a third attempt begins');
select is(pg_temp.told(2, 1014, 'succeeded'), 'applied succeeded',
          'and succeeds');
select is(result || ' ' || state, 'applied succeeded',
          'the other reversal succeeds after that')
  from refund_finish(1012, 'succeeded', null, 'back', null, null);
select is(pg_temp.events_of(2), '1 payment.created pending,'
    ' 2 payment.attempt_failed pending 1, 3 payment.attempt_failed pending 2,'
    ' 4 payment.late_success pending 2, 5 payment.late_success pending 2,'
    ' 6 payment.reversed pending 2, 7 payment.succeeded succeeded demo_fr 2,'
    ' 8 payment.reversed succeeded demo_fr 2', 'events are in order');
select results_eq('select operation::int from journal where payment_id = 2'
    ' order by 1', 'values (-2), (-1), (1), (2), (3)',
    'each movement is posted');
select is(sum(amount)::int, 0, 'nothing is left in suspense') from entry
 where payment_id = 2 and account like '%suspense';
select is(r.result || ' ' || r.number || ' ' || r.attempt, 'processing 4 3',
          'a refund gives back the charge of the third attempt')
  from refund_begin(5002, 1, false, 2, null, null, md5('r')::uuid,
                    md5('r')::uuid) r;

-- two steps: what is declined is the reservation, or the capture

select is(pg_temp.try(50, 1050), 'processing', 'a reservation begins');
select is(pg_temp.told(50, 1050, 'failed', 'insufficient_funds'),
          'applied pending insufficient_funds', 'it is declined');
select is(operation, 'capture', 'nothing is in flight') from payment_view
 where id = 50;
select is(pg_temp.told(50, 1050, 'reserved'), 'conflict pending',
          'it was made after all');
select is(kind, 'reserved_not_recorded', 'that is an incident') from incident
 where payment_id = 50;
select is(pg_temp.try(50, 1051), 'processing', 'another attempt begins');
select is(pg_temp.told(50, 1051, 'reserved'), 'applied authorized',
          'and is reserved');
select is(result, 'processing', 'it is captured')
  from payment_capture(1, false, 50, null, 1059);
select is(pg_temp.told(50, 1051, 'failed', 'reservation_ended'),
          'applied failed reservation_ended',
          'a capture that is declined has failed: the shopper is gone');

-- server to server: as it was

select pg_temp.charge_of('{200}') \gset ignore_
select is(pg_temp.told(200, 200, 'failed', 'insufficient_funds'),
          'applied failed insufficient_funds',
          'a charge without a page fails at once');
select is_empty('select * from attempt where payment_id = 200',
                'and is no attempt');

-- in one batch, out of order

select pg_temp.try(7, 1071), pg_temp.try(8, 1081),
       pg_temp.try(9, 1091) \gset ignore_
select is(string_agg(concat_ws(' ', result, state), ', ' order by ord),
          'applied pending, already pending, applied succeeded, conflict'
          ' succeeded, already processing, applied processing, conflict'
          ' pending', 'the first word of an attempt wins')
  from payment_finish('{7,7,8,8,9,9,7}',
       '{failed,failed,succeeded,failed,failed,unknown,succeeded}',
       '{declined,other,null,declined,declined,null,null}',
       array_fill('op'::text, '{7}'), array_fill(null::bigint, '{7}'),
       array_fill(null::bigint, '{7}'), '{1071,1071,1081,1081,1,1091,1071}');

-- a PIN that was used up is not asked for again

insert into pin (payment_id, pin_id, sent_at, sends, tries, operator,
                 looked_up, msisdn_index, msisdn)
select 10, 1100, now_ms(), 1, 0, 'demo_fr', false, sha256('33600000009'),
       '\xbb';
select is(pin, true, 'a PIN is out') from payment_view where id = 10;
select count(pg_temp.try(10, 1101)
             || pg_temp.told(10, 1101, 'failed', 'declined')) \gset ignore_
select is(pin, false, 'it was good for one attempt') from payment_view
 where id = 10;
update pin set pin_id = 1102 where payment_id = 10;
select is(pin, true, 'another PIN is out') from payment_view where id = 10;

-- the payer of a reversed attempt is told of what that line paid

insert into operator (code, name, country, currency, sandbox)
values ('demo2_fr', 'Demo 2', 'FR', 'EUR', true);
do $$
begin
    perform contract_add(1, 'demo2_fr', 0, null, 3000, 500, 10);
end
$$;
select result
  from payment_begin('{11}', '{1111}', '{demo_fr}', '{701111}',
       array[sha256('33600000011')], '{"\\xbb"}', '{801111}', '{pin}',
       '{null}', '{1}', '{fr}', '{null}', '{null}', '{null}', '{null}',
       '{null}')
       \gset ignore_
select pg_temp.told(11, 1111, 'failed', 'declined'),
       pg_temp.try(11, 1112, '33600000012', 'demo2_fr'),
       pg_temp.told(11, 1112, 'succeeded'),
       pg_temp.told(11, 1111, 'succeeded', null, 'late') \gset ignore_
update subscriber set msisdn = '\xcc', mvno = 'other' where id = 701112;
select result from refund_finish(1111, 'succeeded', null, 'back', 9011, null)
       \gset ignore_
select results_eq('select kind, route, recipient, msisdn, mvno,'
    ' operator_name, attempt, amount, locale from message_claim(10, 1000, 1)',
    $$values ('refund', 'demo_fr', '\xbb'::bytea, '\xbb'::bytea,
              null::text, 'Demo France', 1111::bigint, 499::bigint, 'fr')$$,
    'by the operator, the line, the time and the language of the attempt');

-- each attempt that the operator says it has reserved is an incident

select pg_temp.try(51, 1121), pg_temp.told(51, 1121, 'failed', 'declined'),
       pg_temp.told(51, 1121, 'reserved', null, null),
       pg_temp.try(51, 1122, '33600000012', 'demo2_fr'),
       pg_temp.told(51, 1122, 'failed', 'declined'),
       pg_temp.told(51, 1122, 'reserved', null, null) \gset ignore_
select results_eq('select kind, operator, recorded, said from incident'
    ' where payment_id = 51 order by id',
    $$values ('reserved_not_recorded', 'demo_fr', 'attempt 1 failed',
              'attempt 1 reserved'),
             ('reserved_not_recorded', 'demo2_fr', 'attempt 2 failed',
              'attempt 2 reserved')$$,
    'that names the attempt, and its operator');

-- and each one whose outcome stays unknown, and each of two steps

create function pg_temp.asked_long(payment bigint, attempt bigint)
returns text
language sql
as $$
update payment_due set attempts = 18 where payment_id = $1;
select pg_temp.told($1, $2, 'unknown');
$$;

select pg_temp.try(52, 1131), pg_temp.asked_long(52, 1131),
       pg_temp.told(52, 1131, 'failed', 'declined'),
       pg_temp.try(52, 1132), pg_temp.asked_long(52, 1132),
       pg_temp.told(52, 1132, 'reserved') \gset ignore_
select result from payment_capture(1, false, 52, null, 1139) \gset ignore_
select pg_temp.asked_long(52, 1132) \gset ignore_
select results_eq('select kind, said from incident where payment_id = 52'
    ' order by id',
    $$values ('outcome_unknown', 'reserve unknown'),
             ('outcome_unknown', 'attempt 2 reserve unknown'),
             ('outcome_unknown', 'attempt 2 capture unknown')$$,
    'that names what is not known');

-- append-only, also for the owner

select throws_ok(c, '23001', null, 'attempts: ' || c)
  from unnest(array['update attempt set at = 1', 'delete from attempt',
                    'truncate attempt']) c;
select throws_ok('update payment set share = 1 where id = 1', '23001', null,
                 'what has succeeded is not rated again');

select * from finish();
rollback;
