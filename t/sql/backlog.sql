-- How much work waits, and for how long.

\ir lib/fixture.sql

select * from no_plan();

select results_eq('select * from backlog() order by queue',
    $$values ('lines', 0, 0, 0::bigint), ('messages', 0, 0, 0),
             ('payouts', 0, 0, 0),
             ('recovery', 0, 0, 0), ('webhooks', 0, 0, 0)$$,
    'nothing waits: a row for each queue');

insert into payment_due (payment_id, due_at)
values (1, now_ms() - 9000), (2, now_ms() - 4000), (3, now_ms() + 60000);
insert into refund_due (refund_id, due_at)
values (1, now_ms() - 12000), (2, now_ms() + 60000);
insert into payout_due (payout_id, due_at)
values (1, now_ms() - 3000), (2, now_ms() + 60000);
insert into outbox (due_at, payment_id, endpoint_id, seq)
values (now_ms() + 60000, 1, 1, 1),
       (now_ms() - 99000, 2, 3, 1);      -- a disabled endpoint
insert into message_due (message_id, due_at) values (1, now_ms() - 2000);
insert into line_due (payment_id, attempt, kind, msisdn_index, merchant_id,
                      live, due_at)
values (1, 1, 'k', sha256('a'), 1, false, now_ms() - 1000);
insert into line_hold (payment_id, attempt, msisdn_index, live, merchant_id,
                       amount, currency, day, apart, until, due_at)
values (1, 1, sha256('a'), false, 1, 499, 'EUR', now()::date, false, 0,
        now_ms() + 20000);

select results_eq('select queue, waiting, due from backlog() order by queue',
    $$values ('lines', 2, 1), ('messages', 1, 1), ('payouts', 2, 1),
             ('recovery', 5, 3),
             ('webhooks', 1, 0)$$,
    'what waits, what is due, and nothing for a disabled endpoint');
select ok(late_ms between 12000 and 60000,
          'the oldest tells how late the work is')
  from backlog() where queue = 'recovery';
select is(late_ms, 0::bigint, 'what is not due is not late')
  from backlog() where queue = 'webhooks';

select * from finish();
rollback;
