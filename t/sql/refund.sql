-- Refunds: intents, sums, keys, journals pro rata, outcomes, reversals.

\ir lib/fixture.sql

select * from no_plan();

create function pg_temp.refund(id bigint, payment bigint,
    amount bigint default null, key text default null,
    merchant int default 1, body text default 'body')
returns text
language sql
as $$
select r.result || coalesce(' ' || r.refundable, '')
       || coalesce(' ' || r.amount || ' ' || r.state, '')
  from refund_begin(id, merchant, false, payment, amount, 'by mistake',
                    md5(coalesce(key, 'refund ' || id))::uuid,
                    md5(body)::uuid) r;
$$;

create function pg_temp.refunded(id bigint, outcome text,
    code text default null, reference text default 'back')
returns text
language sql
as $$
select r.result || ' ' || r.state || case when r.outcome_unknown
       then ' unknown' else '' end || coalesce(' ' || r.failure_code, '')
  from refund_finish(id, outcome, code, reference, null, null) r;
$$;

select pg_temp.charge_of('{1,2,3,4,5,6,7,8}') \gset ignore_
select count(*) from pg_temp.finish_all('{1,2,3,5,6,7}',
    array_fill('succeeded'::text, '{6}'), array_fill(null::text, '{6}'),
    array_fill('op'::text, '{6}')) \gset ignore_

-- what can be refunded

select is(pg_temp.refund(50, 99), 'not_found', 'no such payment');
select is(pg_temp.refund(50, 1, merchant => 2), 'not_found',
          'a payment of another merchant');
select is(pg_temp.refund(50, 4), 'not_refundable', 'one that is charged');
select is(pg_temp.refund(50, 1, 500), 'amount_too_large 499',
          'more than was taken');
select is_empty('select 1 from refund', 'writes nothing');
select is_empty('select 1 from idem where payment_id = 50',
                'and uses up no key');

-- in parts; what is in flight counts

select is(pg_temp.refund(51, 1, 100), 'processing 399 100 processing',
          'a part');
select is(pg_temp.refund(52, 1, 400), 'amount_too_large 399',
          'more than is left');
select is(pg_temp.refund(53, 1), 'processing 0 399 processing', 'the rest');
select is(pg_temp.refund(54, 1, 1), 'amount_too_large 0',
          'a part, and nothing is left');
select is(pg_temp.refund(54, 1), 'nothing_left 0', 'the rest of nothing');
select results_eq('select number::int, id, amount, reason,'
    ' refund_way_name(way) from refund where payment_id = 1 order by 1',
    $$values (2, 51::bigint, 100::bigint, 'by mistake', 'operator'),
             (3, 53, 399, 'by mistake', 'operator')$$, 'stored, in order');
select results_eq('select refund_id, token, attempts, due_at > now_ms()'
    ' from refund_due order by 1',
    'values (51::bigint, 51::bigint, 0, true), (53, 53, 0, true)',
    'each is leased to the worker that has asked for it');

-- keys

select is(pg_temp.refund(55, 1, 100, 'refund 51'),
          'replay 100 processing', 'the key has made a refund');
select is(pg_temp.refund(55, 1, 100, 'refund 51', body => 'other'),
          'mismatch', 'the key of another request');
select is_empty('select 1 from refund where id = 55', 'no other refund');

-- outcomes

select is(pg_temp.refunded(53, 'failed', 'refund_not_allowed'),
          'applied failed refund_not_allowed', 'the operator refuses');
select is(pg_temp.refunded(51, 'unknown'), 'applied processing unknown',
          'an outcome that is not known');
select results_eq('select attempts, token is null,'
    ' due_at between now_ms() + 4000 and now_ms() + 6000'
    ' from refund_due where refund_id = 51', 'values (1, true, true)',
    'is asked for in five seconds');
update refund_due set due_at = now_ms() where refund_id = 51;
select results_eq('select fresh, id from refund_claim(10, 60000, 7)',
    'values (false, 51::bigint)', 'by a question, not by another call');
select is(pg_temp.refund(56, 1, 400), 'amount_too_large 399',
          'what is unknown counts; what failed does not');
select is(pg_temp.refunded(51, 'succeeded'), 'applied succeeded', 'paid back');
select results_eq('select state::text, refunded from payment where id = 1',
    $$values ('s', 100::bigint)$$, 'the payment tells; it stays succeeded');
select is_empty('select 1 from refund_due', 'no worker has to look');
select is(pg_temp.refunded(51, 'succeeded'), 'already succeeded',
          'the same again');
select is(pg_temp.refunded(51, 'unknown'), 'already succeeded',
          'not to know is no contradiction');
select is(result, 'not_found', 'no such refund')
  from refund_finish(99, 'succeeded', null, null, null, null);
select is(pg_temp.refunded(51, 'failed', 'generic'), 'conflict succeeded',
          'a failure of what has succeeded');
select is(kind || ', ' || recorded || ', ' || said,
          'recorded_not_refunded, refund 2 succeeded, refund 2 failed',
          'is an incident') from incident;

-- events, in order, each with the payment as it was

select pg_temp.refund(57, 1) \gset ignore_
select is(pg_temp.refunded(57, 'succeeded'), 'applied succeeded',
          'the rest is paid back');
select results_eq('select seq::int, type, state, refunded, refund_id,'
    ' refund_amount, refund_state from event_view where payment_id = 1'
    ' order by seq',
    $$values (1, 'payment.succeeded', 'succeeded', 0::bigint, null::bigint,
              null::bigint, null::text),
             (2, 'payment.refund_failed', 'succeeded', 0, 53, 399, 'failed'),
             (3, 'payment.refunded', 'succeeded', 100, 51, 100, 'succeeded'),
             (4, 'payment.refunded', 'succeeded', 499, 57, 399,
              'succeeded')$$, 'events');
select is(count(*)::int, 8, 'each is owed to each endpoint') from outbox
 where payment_id = 1;

-- the journals, computed by hand: 499 = 125 share + 83 tax + 35 fee + 256

select results_eq('select operation::int, amounts from journal'
    ' where payment_id = 1 order by 1',
    $$values (1, '{499,-125,-83,-35,-256}'::bigint[]),
             (2, '{-100,25,17,7,51}'),
             (4, '{-399,100,66,28,205}')$$,
    'pro rata; the last takes the rest');

do $$
begin
    for i in 1 .. 49 loop
        perform pg_temp.refund(1000 + i, 2, 10);
        perform pg_temp.refunded(1000 + i, 'succeeded');
    end loop;
    perform pg_temp.refund(1050, 2);
    perform pg_temp.refunded(1050, 'succeeded');
end
$$;
select is_empty('select account from entry where payment_id = 2'
    ' group by account having sum(amount) <> 0',
    'fifty refunds leave nothing on any account');
select is((select amounts from journal where payment_id = 2
            and operation = 51), '{-9,2,1,1,5}', 'the last one');
select is(refunded, 499::bigint, 'all is refunded') from payment where id = 2;

-- TND has three digits, XAF none: minor units are what is computed with

select results_eq($$select refund_legs(amount, share, tax, fee, before, after)
    from (values (10000::bigint, 2752::bigint, 826::bigint, 500::bigint,
                  0::bigint, 3333::bigint),
                 (10000, 2752, 826, 500, 3333, 6666),
                 (10000, 2752, 826, 500, 6666, 10000),
                 (5, 1, 1, 1, 0, 1), (5, 1, 1, 1, 1, 2), (5, 1, 1, 1, 2, 3),
                 (5, 1, 1, 1, 3, 4), (5, 1, 1, 1, 4, 5),
                 (1000000000000, 300000000000, 1, 2, 0, 999999999999))
         as t (amount, share, tax, fee, before, after)$$,
    $$values ('{-3333,917,275,167,1974}'::bigint[]),
             ('{-3333,917,276,166,1974}'),
             ('{-3334,918,275,167,1974}'),
             ('{-1,0,0,0,1}'), ('{-1,0,0,0,1}'), ('{-1,1,1,1,-2}'),
             ('{-1,0,0,0,1}'), ('{-1,0,0,0,1}'),
             ('{-999999999999,300000000000,1,2,699999999996}')$$,
    'parts of three currencies');

-- an operator that says later that it has made what it had refused

select pg_temp.refund(58, 6, 200) \gset ignore_
select pg_temp.refunded(58, 'failed', 'refund_not_allowed') \gset ignore_
select is(pg_temp.refunded(58, 'succeeded'),
          'conflict failed refund_not_allowed',
          'a success of what has failed');
select is(recorded || ', ' || said, 'refund 2 failed, refund 2 succeeded',
          'is an incident') from incident
 where payment_id = 6 and kind = 'refunded_not_recorded';
select is(pg_temp.refund(59, 6, 300), 'amount_too_large 299',
          'and it counts as paid back');

-- the way that the contract names

update contract set valid_to = now_ms() - 5 where operator = 'demo_fr';
do $$
begin
    perform contract_add(1, 'demo_fr', now_ms() - 5, null, 3000, 500, 10,
                         p_refund_way => 'm');
end
$$;
select pg_temp.charge_of('{9}') \gset ignore_
select count(*) from pg_temp.finish(9, 'succeeded') \gset ignore_
select is(pg_temp.refund(60, 9), 'pending 0 499 pending',
          'people pay it back');
select is_empty('select 1 from refund_due where refund_id = 60',
                'no worker looks at it');
select is(pg_temp.refunded(60, 'succeeded'), 'applied succeeded',
          'they say that they have');
select pg_temp.charge_of('{10}') \gset ignore_
select count(*) from pg_temp.finish(10, 'failed', 'declined') \gset ignore_
select count(*) from pg_temp.finish(10, 'succeeded') \gset ignore_
select is(refund_state, 'pending', 'a charge that comes late is theirs, too')
  from event_view where payment_id = 10 and type = 'payment.late_success';
select pg_temp.refunded(10, 'succeeded') \gset ignore_
select is(refund_state, 'pending', 'which is what was told')
  from event_view where payment_id = 10 and type = 'payment.late_success';
select throws_ok('update contract set refund_way = ''o''', '23001',
    null, 'the way does not change');

-- claims

select pg_temp.refund(61, 3, 100) \gset ignore_
select is_empty('select * from refund_claim(10, 60000, 7)',
                'a lease keeps others away');
update refund_due set due_at = now_ms();
select results_eq('select fresh, id, payment_id, amount, currency, operator,'
    ' msisdn, state from refund_claim(10, 60000, 7)',
    $$values (false, 61::bigint, 3::bigint, 100::bigint, 'EUR', 'demo_fr',
              '\xaa01'::bytea, 'processing')$$,
    'one whose lease has ended is claimed');
select results_eq('select token, attempts from refund_due',
    'values (7::bigint, 1)', 'and leased again');
update refund_due set attempts = 18;
select is(pg_temp.refunded(61, 'unknown'), 'conflict processing unknown',
          'after eighteen tries it is an incident');
select is_empty('select 1 from refund_due', 'and no worker asks');

-- a reversal

select count(*) from pg_temp.finish(4, 'failed', 'declined') \gset ignore_
select is(result, 'conflict', 'a late success')
  from pg_temp.finish(4, 'succeeded');
select results_eq('select fresh, id, payment_id, kind from'
    ' refund_claim(10, 60000, 7)',
    $$values (true, 4::bigint, 4::bigint, 'reversal')$$,
    'its reversal is asked for at once');
select is(pg_temp.refunded(4, 'failed', 'refund_not_allowed'),
          'conflict pending refund_not_allowed',
          'one that the operator refuses waits for people');
select is(pg_temp.refunded(4, 'succeeded'), 'applied succeeded', 'they do it');
select results_eq('select account, sum(amount) from entry'
    ' where payment_id = 4 group by 1 order by 1',
    $$values ('test:operator:demo_fr:receivable', 0::numeric),
             ('test:operator:demo_fr:suspense', 0)$$,
    'nothing stays in suspense');
select results_eq('select type, state, refund_state from event_view'
    ' where payment_id = 4 order by seq',
    $$values ('payment.failed', 'failed', null),
             ('payment.late_success', 'failed', 'processing'),
             ('payment.reversed', 'failed', 'succeeded')$$, 'events');
select is(pg_temp.refund(62, 4), 'not_refundable',
          'the merchant cannot refund it');

-- lists, and one

select results_eq('select id, state from refund_list(1, false, 1)',
    $$values (51::bigint, 'succeeded'), (53, 'failed'),
             (57, 'succeeded')$$, 'the refunds of a payment');
select results_eq('select id from refund_list(1, false, 4)',
    'values (4::bigint)', 'of another');
select is(count(id) || ' ' || count(*), '0 1', 'of one without')
  from refund_list(1, false, 8);
select is_empty('select 1 from refund_list(1, false, 99)', 'of none');
select is_empty('select 1 from refund_list(2, false, 1)',
                'are shown to its merchant');
select is(amount, 100::bigint, 'one') from refund_get(1, false, 51);
select is_empty('select 1 from refund_get(1, true, 51)', 'of its mode');

-- a reversal that no worker asks for any more is people's

select count(*) from pg_temp.finish(8, 'failed', 'declined') \gset ignore_
select count(*) from pg_temp.finish(8, 'succeeded') \gset ignore_
delete from refund_due where refund_id = 8;
select is(pg_temp.refunded(8, 'failed', 'refund_not_allowed'),
          'applied failed refund_not_allowed', 'they say once that it failed');

-- a payment has a hundred refunds at most

do $$
begin
    for i in 1 .. 100 loop
        perform pg_temp.refund(2000 + i, 5, 1);
    end loop;
end
$$;
select is(pg_temp.refund(2101, 5, 1), 'too_many_refunds 399',
          'the hundred and first');

-- what guards them

select throws_ok('update refund set amount = 1 where id = 61', '23001', null,
                 'amounts do not change');
select throws_ok('update refund set state = ''f'' where id = 51', '23001',
                 null, 'ends do not change');
select throws_ok('delete from refund', '23001', null, 'no refund is deleted');

select * from finish();
rollback;
