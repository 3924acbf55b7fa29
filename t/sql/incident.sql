-- Outcomes that contradict what is recorded: the payment stays, and there is
-- an incident.

\ir lib/fixture.sql

select * from no_plan();

select pg_temp.charge_of(array(select generate_series(1, 12))::bigint[])
       \gset ignore_

create function pg_temp.told(id bigint, outcome text, reference text,
    code text default null)
returns text
language sql
as $$
select f.result from payment_finish(array[id], array[outcome], array[code],
                                    array[reference], array[null::bigint],
                                    array[null::bigint],
                                    pg_temp.attempts(array[id])) f;
$$;

create function pg_temp.incidents(id bigint)
returns table (kind text, operator text, recorded text, recorded_ref text,
    said text, code text, reference text)
language sql
as $$
select kind, operator, recorded, recorded_reference, said, code, reference
  from incident where payment_id = $1 order by incident.id;
$$;

-- recovery has failed it, then the operator says that it has charged

select is(pg_temp.told(1, 'failed', null, 'operator_unavailable'), 'applied',
          'failed');
select is(pg_temp.told(1, 'succeeded', 'op-1'), 'conflict',
          'a late success is a conflict');
select results_eq('select * from pg_temp.incidents(1)',
    $$values ('charged_not_recorded', 'demo_fr', 'failed', null::text,
              'succeeded', null::text, 'op-1')$$,
    'a late success is an incident');
select ok(at between now_ms() - 5000 and now_ms() and resolved_at is null
          and owner is null, 'an incident is open')
  from incident where payment_id = 1;
select is(pg_temp.told(1, 'succeeded', 'op-1'), 'conflict',
          'the same word again is a conflict again');
select is(count(*)::int, 1, 'the same word again is no second incident')
  from incident where payment_id = 1;
select is(state, 'f', 'the payment stays failed') from payment where id = 1;
select results_eq('select account, amount from entry where payment_id = 1'
    ' order by leg',
    $$values ('test:operator:demo_fr:receivable', 499::bigint),
             ('test:operator:demo_fr:suspense', -499)$$,
    'a late success is posted as owed to the payer, once');
select results_eq('select id, number::int, amount, refund_kind_name(kind),'
    ' refund_state_name(state) from refund where payment_id = 1',
    $$values (1::bigint, 2, 499::bigint, 'reversal', 'processing')$$,
    'a late success will be reversed');
select results_eq('select type, state, refunded from event_view'
    ' where payment_id = 1 order by seq',
    $$values ('payment.failed', 'failed', 0::bigint),
             ('payment.late_success', 'failed', 0)$$,
    'the merchant is told of a late success, once');
select is(pg_temp.told(1, 'failed', 'op-2', 'insufficient_funds'), 'already',
          'another reason of a failure is no contradiction');
select is(pg_temp.told(1, 'unknown', null), 'already',
          'not to know is no contradiction');

-- the reverse

select is(pg_temp.told(2, 'succeeded', 'op-2'), 'applied', 'succeeded');
select is(pg_temp.told(2, 'failed', null, 'insufficient_funds'), 'conflict',
          'a late failure is a conflict');
select results_eq('select * from pg_temp.incidents(2)',
    $$values ('recorded_not_charged', 'demo_fr', 'succeeded', 'op-2',
              'failed', 'insufficient_funds', null::text)$$,
    'a late failure is an incident');
select is(count(*)::int, 1, 'the journal stays') from journal
 where payment_id = 2;

-- one success, two references

select is(pg_temp.told(3, 'succeeded', 'op-3'), 'applied', 'succeeded');
select is(pg_temp.told(3, 'succeeded', 'op-3'), 'already',
          'the same reference is no contradiction');
select is(pg_temp.told(3, 'succeeded', null), 'already',
          'no reference is no contradiction');
select is(pg_temp.told(3, 'succeeded', 'op-4'), 'conflict',
          'another reference of the operator is a conflict');
select results_eq('select kind, recorded_ref, reference'
    ' from pg_temp.incidents(3)',
    $$values ('charged_twice', 'op-3', 'op-4')$$,
    'another reference of the operator is an incident');

-- a payment that has not begun, has ended without a charge, or is not there

insert into op (id, key, expires)
values (20, 'pending', now_ms() + 900000), (21, 'expired', now_ms() - 1);
select count(*) from pg_temp.create_ops() \gset ignore_
select count(*) from payment_expire('{21}') \gset ignore_

select is(pg_temp.told(id, 'succeeded', 'op'), 'conflict',
          'charged, but it is ' || state)
  from (values (20, 'pending'), (21, 'expired'), (22, 'not there'))
       t (id, state);
select results_eq('select recorded from incident where payment_id'
    ' between 20 and 22 order by payment_id',
    $$values ('pending'), ('expired'), (null)$$,
    'each of these charges is an incident');
select is(pg_temp.told(id, 'failed', null, 'declined'), result,
          'nothing was charged, as recorded: ' || state)
  from (values (20, 'already', 'pending'), (21, 'already', 'expired'),
               (22, 'not_found', 'not there')) t (id, result, state);

-- in one batch, and when the batch is sent again

create function pg_temp.batch() returns setof text
language sql
as $$
select result from pg_temp.finish_all('{4,4,5,5,6}',
    '{succeeded,failed,failed,succeeded,unknown}',
    '{null,declined,declined,null,null}', '{a,null,null,b,null}');
$$;
select results_eq('select * from pg_temp.batch()',
    $$values ('applied'), ('conflict'), ('applied'), ('conflict'),
             ('applied')$$, 'the second word of a batch contradicts');
select results_eq('select * from pg_temp.batch()',
    $$values ('already'), ('conflict'), ('already'), ('conflict'),
             ('applied')$$, 'the batch is sent again');
select is(count(*)::int, 2, 'an incident each') from incident
 where payment_id in (4, 5, 6);

-- in charge

select lives_ok($$update incident set owner = 'anna', resolved_at = now_ms()
                   where payment_id = 1$$, 'it is resolved');
select is(pg_temp.told(1, 'succeeded', 'op-1'), 'conflict',
          'it is told once more');
select is(count(*)::int, 1, 'a resolved incident stays resolved')
  from incident where payment_id = 1 and resolved_at is not null;

-- an outcome that stays unknown

select pg_temp.charge_of('{60,61}') \gset ignore_
update payment_due set attempts = 17 where payment_id in (60, 61);
select is(result, 'applied', 'the last question but one')
  from pg_temp.finish(60, 'unknown');
select ok(due_at > now_ms() + 19000000, 'leads to another one, in six hours')
  from payment_due where payment_id = 60;
update payment_due set attempts = 18 where payment_id in (60, 61);
select results_eq('select result, state, outcome_unknown from'
    ' pg_temp.finish(60, ''unknown'')',
    $$values ('conflict', 'processing', true)$$, 'the last one');
select is_empty('select * from payment_due where payment_id = 60',
                'no worker asks any more');
select results_eq('select kind, operator, recorded, said, resolved_at from'
    ' incident where payment_id = 60',
    $$values ('outcome_unknown', 'demo_fr', 'processing', 'unknown',
              null::bigint)$$, 'people do');
select is(result, 'applied', 'told again')
  from pg_temp.finish(60, 'unknown');
select is(count(*)::int, 1, 'is no other incident') from incident
 where payment_id = 60;
select is_empty('select * from payment_due where payment_id = 60',
                'and still no worker asks');
select is(result, 'applied', 'a prompt on the handset')
  from pg_temp.finish(61, 'approval');
select isnt_empty('select * from payment_due where payment_id = 61',
                  'is asked for on');
update payment_due set attempts = 132 where payment_id = 61;
select is(result, 'conflict', 'for three days, too')
  from pg_temp.finish(61, 'approval');
select is(kind, 'outcome_unknown', 'then it is an incident') from incident
 where payment_id = 61;
select is(result, 'applied', 'what it was is written when it is known')
  from pg_temp.finish(60, 'succeeded');
select is(count(*)::int, 1, 'and posted') from journal where payment_id = 60;

select * from finish();
rollback;
