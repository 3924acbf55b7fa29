-- Payments in two steps: reserved, captured or released.

\ir lib/fixture.sql

select * from no_plan();

create function pg_temp.capture(id bigint, amount bigint default null,
    merchant int default 1)
returns text
language sql
as $$
select r.result || coalesce(' ' || r.state || ' ' || r.operation, '')
  from payment_capture(merchant, false, id, amount, 7) r;
$$;

create function pg_temp.release(id bigint, expired bool default false,
    merchant int default 1)
returns text
language sql
as $$
select r.result || coalesce(' ' || r.state || ' ' || r.operation, '')
  from payment_release(case when expired then null else merchant end, false,
                       id, 8) r;
$$;

create function pg_temp.told(id bigint, outcome text,
    code text default null)
returns text
language sql
as $$
select f.result || ' ' || f.state from pg_temp.finish(id, outcome, code) f;
$$;

insert into op (id, key, pseudonym, manual)
select i, 'hold ' || i, 200, true from generate_series(1, 9) i;
insert into op (id, key, manual)
values (20, 'page', true), (21, 'page 2', true), (22, 'page 3', true);
select is(string_agg(distinct result, ' '), 'pending processing', 'made')
  from pg_temp.create_ops();

-- the reservation

select results_eq('select state, operation, manual from payment_view'
    ' where id = 1', $$values ('processing', 'reserve', true)$$,
    'one that is charged at once is reserved');
select is(pg_temp.begin_one(20, 700), 'processing', 'one with a page begins');
select is(operation, 'reserve', 'and is reserved') from payment_view
 where id = 20;
select is(pg_temp.told(1, 'unknown'), 'applied processing',
          'a reservation whose outcome is unknown');
select is(pg_temp.told(1, 'reserved'), 'applied authorized', 'reserved');
select results_eq('select state, expires between now_ms() + 600000000 and'
    ' now_ms() + 604800000, captured from payment_view where id = 1',
    $$values ('authorized', true, null::bigint)$$,
    'it waits a week for its capture');
select results_eq('select due_at = (select expires from payment_view'
    ' where id = 1), token is null from payment_due where payment_id = 1',
    'values (true, true)', 'a worker looks at it then');
select is_empty('select 1 from journal', 'nothing is posted');
select is_empty('select 1 from payment where id = 1 and ended is not null',
                'it has not ended');
select is(pg_temp.told(2, 'failed', 'insufficient_funds'), 'applied failed',
          'a reservation that was declined');
select is(failure_code, 'insufficient_funds', 'with its code')
  from payment where id = 2;
select count(*) from pg_temp.finish_all('{3,4,5,6,7,8,20}',
    array_fill('reserved'::text, '{7}'), array_fill(null::text, '{7}'),
    array_fill('held'::text, '{7}')) \gset ignore_

-- capture

select is(pg_temp.capture(99), 'not_found', 'no such payment');
select is(pg_temp.capture(1, merchant => 2), 'not_found',
          'of another merchant');
select is(pg_temp.capture(1, 500), 'amount_too_large authorized capture',
          'more than is reserved');
select is(pg_temp.capture(9), 'not_authorized processing reserve',
          'one that is not reserved yet');
select is(pg_temp.capture(1), 'processing processing capture', 'the whole');
select results_eq('select token, due_at > now_ms() from payment_due'
    ' where payment_id = 1', 'values (7::bigint, true)',
    'is leased to the worker');
select is(pg_temp.capture(1), 'not_authorized processing capture', 'once');
select is(pg_temp.told(1, 'succeeded'), 'applied succeeded', 'captured');
select is(amounts, '{499,-125,-83,-35,-256}', 'posted as a charge is')
  from journal where payment_id = 1;
select is(pg_temp.capture(3, 100), 'processing processing capture', 'a part');
select is(pg_temp.told(3, 'succeeded'), 'applied succeeded', 'is captured');
select is(amounts, '{100,-25,-17,-7,-51}', 'and posted as that part')
  from journal where payment_id = 3;
select results_eq('select amount, captured, refunded from payment_view'
    ' where id = 3', 'values (499::bigint, 100::bigint, 0::bigint)', 'shown');
select is(r.result || ' ' || r.refundable, 'amount_too_large 100',
          'no more than that is paid back')
  from refund_begin(50, 1, false, 3, 101, null, md5('k')::uuid,
                    md5('b')::uuid) r;
select is(pg_temp.capture(4, 100), 'processing processing capture', 'another');
select is(pg_temp.told(4, 'failed', 'reservation_ended'), 'applied failed',
          'a capture that is refused ends the payment');
select results_eq('select type, state, captured from event_view'
    ' where payment_id = 3 order by seq',
    $$values ('payment.authorized', 'authorized', null::bigint),
             ('payment.succeeded', 'succeeded', 100)$$, 'events');
select results_eq('select type, state from event_view'
    ' where payment_id = 20 order by seq',
    $$values ('payment.created', 'pending'),
             ('payment.authorized', 'authorized')$$, 'of one with a page');

-- what was told stays: a reservation does not change what was told before it

select is(pg_temp.begin_one(22, 702), 'processing', 'another begins');
select is(pg_temp.told(22, 'reserved'), 'applied authorized', 'is reserved');
select results_eq('select type, expires = (select expires from payment'
    ' where id = 22) from event_view where payment_id = 22 order by seq',
    $$values ('payment.created', true), ('payment.authorized', false)$$,
    'its first event is as it was');

-- what was rated for the whole is divided so that nothing is below zero

insert into payment (id, amount, expires, attempt, merchant_id, events, live,
                     state, manual, currency, category, share, tax, fee)
select 1000 * a + 100 * s + 10 * t + f, a, 0, 1, 1, 0, false, 'a', true, 'EUR',
       'd', s, t, f
  from generate_series(2, 5) a, generate_series(0, a) s,
       generate_series(0, a - s) t, generate_series(0, a - s - t) f;
select results_eq('select count(*) > 100, min(c.captured - c.share - c.tax'
    ' - c.fee) >= 0, min(c.share) >= 0, min(c.tax) >= 0, min(c.fee) >= 0,'
    ' max(abs(c.share - c.captured * p.share::numeric / p.amount)) < 1,'
    ' max(abs(c.tax - c.captured * p.tax::numeric / p.amount)) < 1,'
    ' max(abs(c.fee - c.captured * p.fee::numeric / p.amount)) < 1'
    '  from payment p, generate_series(1, p.amount) part,'
    ' lateral payment_capture(1, false, p.id, 1 + (p.id + part) % p.amount, 7)'
    ' c where p.id between 2000 and 5999 and c.result = ''processing''',
    'values (true, true, true, true, true, true, true, true)',
    'of all amounts to 0.05, any parts and captures');
delete from payment_due where payment_id between 2000 and 5999;

-- release

select is(pg_temp.release(5, merchant => 2), 'not_found',
          'of another merchant');
select is(pg_temp.release(5), 'processing processing void', 'voided');
select is(pg_temp.release(5), 'in_flight processing void', 'once');
select sum(month_total) as spent from spend where merchant_id = 0 \gset
select is(pg_temp.told(5, 'voided'), 'applied canceled',
          'a payment whose reservation was voided is canceled');
select is(sum(s.month_total)::bigint, :spent - p.amount,
          'and its line may spend that')
  from spend s, payment p where p.id = 5 and s.merchant_id = 0
 group by p.amount;
select is(pg_temp.release(6), 'processing processing void', 'another');
select is(pg_temp.told(6, 'void_refused', 'generic_decline'),
          'applied canceled',
          'so is one whose operator refuses that');
select results_eq('select payment_id, kind, said, code from incident',
    $$values (6::bigint, 'void_refused', 'void_refused', 'generic_decline')$$,
    'which is an incident');
select is(pg_temp.release(7, true), 'processing processing void',
          'one that nobody has captured');
select is(pg_temp.told(7, 'voided'), 'applied expired', 'expires');
select is(pg_temp.release(21), 'canceled canceled capture',
          'one that waits for its shopper is canceled at once');
select is(pg_temp.release(21, true), 'already canceled capture',
          'what is over does not expire');
select is(pg_temp.release(1), 'already succeeded capture',
          'what has succeeded is not released');
select is_empty('select payment_id from journal'
    ' where payment_id not in (1, 3)', 'nothing is posted for these');

-- an outcome that is told again, and late, is not taken for another's

select is(pg_temp.told(5, 'voided'), 'already canceled', 'a release again');
select is(pg_temp.told(7, 'reserved'), 'already expired',
          'a reservation after its release');
select is(pg_temp.told(1, 'reserved'), 'already succeeded',
          'a reservation after its capture');
select is(pg_temp.told(8, 'reserved'), 'already authorized',
          'a reservation again');
select is(pg_temp.told(8, 'voided'), 'already authorized',
          'a release of what is not being released');
select is(count(*)::int, 1, 'none of them is an incident') from incident;
select is(pg_temp.told(2, 'reserved'), 'conflict failed',
          'money that is held for a payment that has failed');
select is(count(*)::int, 1, 'is one') from incident
 where payment_id = 2 and kind = 'reserved_not_recorded';
select is(pg_temp.told(4, 'reserved'), 'already failed',
          'money that was held before a capture failed is none');
select is(pg_temp.told(4, 'succeeded'), 'conflict failed',
          'a capture of a payment that has failed');
select results_eq('select amount, refund_kind_name(kind) from refund'
    ' where payment_id = 4', $$values (100::bigint, 'reversal')$$,
    'is reversed, as much as was captured');

-- claims

update payment_due set due_at = now_ms() where payment_id = 8;
select results_eq('select id, state from payment_claim(10, 60000, 9)',
    $$values (8::bigint, 'authorized')$$,
    'a worker looks at a reservation when its time is over');

select * from finish();
rollback;
