-- Deliveries: claimed by endpoint, tried by schedule, given up.

\ir lib/fixture.sql

select * from no_plan();

insert into payment (id, amount, expires, attempt, ended, merchant_id, events,
                     live, state, category, currency, description)
select i, 499, 2, i, i, 1, 1, i = 702, 's', 'd', 'EUR', 'body ' || i
  from generate_series(1, 1000) i;
update payment set traceparent = '00-trace-span-01' where id = 601;

-- a dead endpoint with a backlog, and a healthy one behind it

insert into outbox (due_at, payment_id, seq, endpoint_id)
select i, i, 1, 1 from generate_series(1, 500) i;
insert into outbox (due_at, payment_id, seq, endpoint_id)
select 600 + i, 600 + i, 1, 2 from generate_series(1, 3) i;
insert into outbox (due_at, payment_id, seq, endpoint_id)
values (1, 700, 1, 3), (1, 701, 1, 99), (now_ms() + 60000, 702, 1, 4);

create temp table claimed as select * from outbox_claim(8, 60000, 77);
select results_eq('select endpoint_id, count(*)::int from claimed group by 1'
    ' order by 1', 'values (1, 4), (2, 3)',
    'half for each endpoint; none for a disabled or unknown one');
select results_eq('select payment_id, seq, endpoint_id, url, secret, type, at,'
    ' attempts, traceparent, id, live, state, description from claimed'
    ' where payment_id in (1, 601) order by 1',
    $$values (1::bigint, 1, 1, 'http://127.0.0.1/a', '\x01'::bytea,
              'payment.succeeded', 1::bigint, 1, null, 1::bigint, false,
              'succeeded', 'body 1'),
             (601, 1, 2, 'http://127.0.0.1/b', '\x02', 'payment.succeeded',
              601, 1, '00-trace-span-01', 601, false, 'succeeded',
              'body 601')$$,
    'with all it takes to deliver it, and the trace of the payment');
select results_eq('select payment_id from claimed where endpoint_id = 1'
    ' order by 1', 'values (1::bigint), (2), (3), (4)', 'oldest first');
select results_eq('select count(*)::int, bool_and(token = 77 and attempts = 1'
    ' and due_at between now_ms() + 55000 and now_ms() + 60000) from outbox'
    ' where token is not null', 'values (7, true)', 'leased');
select is_empty('select * from outbox_claim(8, 60000, 78)',
                'the dead one has its share, whoever claims');

insert into outbox (due_at, payment_id, seq, endpoint_id)
values (now_ms(), 800, 1, 2);
select results_eq('select payment_id, endpoint_id'
    ' from outbox_claim(8, 60000, 78)', 'values (800::bigint, 2)',
    'the healthy one goes on');

-- done

select results_eq('select * from outbox_done(''{601,602,603,1,2,999}'','
    ' ''{1,1,1,1,1,1}'', ''{2,2,2,1,1,1}'', ''{77,77,5,77,77,77}'','
    ' ''{t,f,t,f,t,t}'', ''{0,0,0,600,0,0}'')',
    $$values (1, 'delivered'), (2, 'retry'), (3, 'lost'), (4, 'retry'),
             (5, 'delivered'), (6, 'lost')$$, 'one result each, in order');
select results_eq('select payment_id from outbox'
    ' where payment_id in (1, 2, 601, 602, 603) order by 1',
    'values (1::bigint), (602), (603)', 'what is delivered is gone');
select ok(due_at between now_ms() + 4000 and now_ms() + 5500
          and token is null and attempts = 1, 'again in 5 s')
  from outbox where payment_id = 602;
select ok(due_at between now_ms() + 590000 and now_ms() + 600000,
          'later, where the endpoint asked for it')
  from outbox where payment_id = 1;
select results_eq('select * from outbox_done(''{601,602}'', ''{1,1}'','
    ' ''{2,2}'', ''{77,77}'', ''{t,t}'', ''{0,0}'')',
    $$values (1, 'lost'), (2, 'lost')$$, 'the same again does nothing');
select results_eq('select payment_id from outbox_claim(8, 60000, 80)'
    ' where endpoint_id = 1', 'values (5::bigint), (6)',
    'the dead one has two of its places again');

-- live mode

update outbox set due_at = now_ms() - 1 where payment_id = 702;
select results_eq('select endpoint_id, live from outbox_claim(12, 60000, 81)'
    ' where payment_id = 702', 'values (4, true)', 'live');

-- a lease that has run out counts as a try; the old holder has lost it

update outbox set due_at = now_ms() - 1 where payment_id = 603;
select results_eq('select payment_id, attempts'
    ' from outbox_claim(12, 60000, 82) where endpoint_id = 2',
    'values (603::bigint, 2)', 'claimed again');
select is(result, 'lost', 'the old holder has no say')
  from outbox_done('{603}', '{1}', '{2}', '{77}', '{t}', '{0}');
select is(result, 'delivered', 'the new one has')
  from outbox_done('{603}', '{1}', '{2}', '{82}', '{t}', '{0}');

-- places are few: the endpoint that holds fewer leases goes first

delete from outbox;
insert into outbox (due_at, payment_id, seq, endpoint_id, token)
values (4000000000000, 10, 1, 1, 5);
insert into outbox (due_at, payment_id, seq, endpoint_id)
select now_ms() - e, 20 + 10 * e + i, 1, e from unnest(array[1, 2, 4]) e,
       generate_series(1, 5) i;
select results_eq('select endpoint_id, count(*)::int'
    ' from outbox_claim(4, 60000, 84) group by 1 order by 1',
    'values (2, 2), (4, 2)', 'before the one with the older backlog');

-- the schedule, to its end

delete from outbox;
insert into outbox (due_at, payment_id, seq, endpoint_id)
values (now_ms(), 900, 1, 2);
create temp table tries (try int, result text, seconds numeric);
do $$
declare
    v_result text;
begin
    for i in 1 .. 10 loop
        update outbox set due_at = now_ms() - 1;
        perform outbox_claim(4, 60000, 90 + i);
        select d.result into v_result
          from outbox_done('{900}', '{1}', '{2}', array[90 + i]::bigint[],
                           '{f}', '{0}') d;
        insert into tries
        select i, v_result, (select (due_at - now_ms()) / 1000.0
                               from outbox);
    end loop;
end
$$;
select is(array_agg(result order by try),
          array_fill('retry'::text, array[9]) || 'dead'::text,
          'ten tries, then it is given up') from tries;
select ok(t.seconds between 0.89 * s and 1.1 * s,
          format('after try %s in %s s', ord, s))
  from unnest(array[5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400])
       with ordinality w (s, ord) join tries t on t.try = ord;
select is_empty('select * from outbox', 'no longer owed');
select results_eq('select payment_id, seq::int, endpoint_id, attempts,'
    ' died_at between now_ms() - 5000 and now_ms() from outbox_dead',
    'values (900::bigint, 1, 2, 10, true)', 'but remembered');

select * from finish();
rollback;
