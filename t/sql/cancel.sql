-- payment_cancel: pending payments that are not wanted, and no others.

\ir lib/fixture.sql

select * from no_plan();

insert into op (id, key, expires)
select i, 'cancel ' || i, now_ms() + case i when 5 then -1 else 900000 end
  from generate_series(1, 9) i;
select count(*) from pg_temp.create_ops() \gset ignore_
select pg_temp.charge_of('{20,21,22}') \gset ignore_

create function pg_temp.cancel(variadic ids bigint[]) returns text
language sql
as $$
select string_agg(r.result || ' ' || coalesce(r.state, '-'), ', '
                  order by r.ord)
  from payment_cancel(ids) r;
$$;

select is(pg_temp.cancel(1), 'canceled canceled', 'a pending payment');
select results_eq('select state::text, events::int, subscriber_id, attempt'
    ' from payment where id = 1',
    $$values ('c', 2, null::bigint, null::bigint)$$, 'it is canceled');
select results_eq('select seq::int, type, state, at >= now_ms() - 5000'
    ' from event_view where payment_id = 1 order by seq',
    $$values (1, 'payment.created', 'pending', false),
             (2, 'payment.canceled', 'canceled', true)$$, 'with an event');
select results_eq('select endpoint_id, seq::int from outbox'
    ' where payment_id = 1 order by 1', 'values (1, 2), (2, 2)',
    'that the merchant is told of');
select is_empty('select 1 from payment_due where payment_id = 1',
                'no worker has to look at it');
select is_empty('select 1 from consent where payment_id = 1', 'no consent');

select is(pg_temp.cancel(1), 'already canceled', 'the same again');
select is(count(*)::int, 2, 'is one event') from event_view
 where payment_id = 1;
select is(pg_temp.begin_one(1, 100), 'already', 'it cannot begin any more');
select is(pg_temp.cancel(5), 'canceled canceled', 'one past its expiry');

-- what cannot be canceled

select is(pg_temp.cancel(20), 'in_flight processing', 'one that is charged');
select is(state, 'r', 'goes on') from payment where id = 20;
select count(*) from pg_temp.finish(21, 'succeeded') \gset ignore_
select count(*) from pg_temp.finish(22, 'failed', 'declined') \gset ignore_
select is(pg_temp.cancel(21, 22, 99), 'already succeeded, already failed,'
          ' not_found -', 'one that has ended');
select count(*) from payment_expire('{5}') \gset ignore_
update payment set expires = now_ms() - 1 where id = 6;
select count(*) from payment_expire('{6}') \gset ignore_
select is(pg_temp.cancel(6), 'already expired', 'one that has expired');

-- many at once, and one of them twice

select is(pg_temp.cancel(9, 2, 20, 9, 1),
          'canceled canceled, canceled canceled, in_flight processing,'
          ' already canceled, already canceled', 'a batch');
select is(count(*)::int, 2, 'an event each') from event_view
 where payment_id in (2, 9) and type = 'payment.canceled';

select is(f.result, 'conflict',
          'a charge of a canceled payment is an incident')
  from pg_temp.finish(1, 'succeeded') f;

select * from finish();
rollback;
