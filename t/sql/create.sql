-- payment_create: every result, keys used again, batches sent again.

\ir lib/fixture.sql

select * from no_plan();

-- one that waits for its shopper

insert into op (id, key, expires) values (1, 'a', 4000000000000);
select results_eq('select * from pg_temp.create_ops()',
    $$values (1, 'pending', 1::bigint, null::text, null::bytea)$$,
    'pending');
select results_eq('select state::text, events::int, contract_id,'
    ' outcome_unknown, ended from payment where id = 1',
    $$values ('p', 1, null::int, false, null::bigint)$$,
    'stored as pending');
select results_eq('select due_at, attempts, token from payment_due',
    $$values (4000000000000, 0, null::bigint)$$, 'due when it expires');
select results_eq('select payment_id, seq::int, type, at, state, locale'
    ' from event_view',
    $$values (1::bigint, 1, 'payment.created', id_time(1), 'pending',
              null::text)$$, 'its first event');
select is_empty('select 1 from outbox', 'which nobody is told');

-- one of a subscriber who has consented

insert into op (id, key, pseudonym) values (2, 'b', 200);
select results_eq('select * from pg_temp.create_ops()',
    $$values (1, 'processing', 2::bigint, 'demo_fr', '\xaa01'::bytea)$$,
    'processing: with operator and number');
select results_eq('select state::text, events::int, operator, subscriber_id,'
    ' pseudonym_id, attempt, consent_id, contract_id = (select id from'
    ' contract where operator = ''demo_fr'') from payment where id = 2',
    $$values ('r', 0, 'demo_fr', 100::bigint, 200::bigint, 2::bigint,
              90::bigint, true)$$,
    'stored as an intent, under its contract and its consent');
select ok(due_at between now_ms() + 55000 and now_ms() + 60000,
          'recovery looks at it in a minute')
  from payment_due where payment_id = 2;
select is_empty('select 1 from event_view where payment_id = 2',
                'no event: there is no answer yet');

insert into op (id, key, live, pseudonym) values (3, 'c', true, 201);
select is(operator || ' ' || encode(msisdn, 'hex'), 'net_fr aa02',
          'live and test mode do not know each other''s networks')
  from pg_temp.create_ops();

-- one of a line that has never paid

insert into pseudonym (id, merchant_id, subscriber_id, live)
values (205, 2, 102, false);
insert into op (id, key, merchant, pseudonym) values (7, 'never', 2, 205);
select results_eq('select result, operator, msisdn from pg_temp.create_ops()',
    $$values ('subscriber_unknown', null::text, null::bytea)$$,
    'a line that has never paid is unknown');
select is_empty('select 1 from payment where id = 7', 'and nothing is stored');

-- what its receipts will need

insert into op (id, key, pseudonym, locale, email)
values (4, 'l1', null, 'fr', '\xee04'), (5, 'l2', 200, null, null),
       (6, 'l3', 200, 'en', '\xee06');
select count(*) from pg_temp.create_ops() \gset ignore_
select results_eq('select id, locale, email, approval from'
    ' generate_series(4, 6) i, lateral payment_get(1, false, i)',
    $$values (4::bigint, 'fr', '\xee04'::bytea, false),
             (5, null, null, false), (6, 'en', '\xee06', false)$$,
    'a language, an address: each its own');

-- refused

insert into op (id, key, merchant, live, amount, currency, pseudonym)
values (10, 'r1', 2, false, 499, 'EUR', null),
       (11, 'r2', 1, false, 499, 'XAF', null),
       (12, 'r3', 1, false, 499, 'EUR', 999),
       (13, 'r4', 1, false, 499, 'EUR', 204),
       (14, 'r5', 1, true, 499, 'EUR', 200),
       (15, 'r6', 1, false, 499, 'EUR', 203),
       (16, 'r7', 1, false, 499, 'EUR', 202),
       (17, 'r8', 1, false, 499, 'XAF', 200),
       (18, 'r9', 1, false, 10, 'EUR', 200),
       (19, 'r10', 1, false, 0, 'EUR', null),
       (20, 'r11', 1, false, -499, 'EUR', 200),
       (21, 'r12', 1, false, split_limit() + 1, 'EUR', 200),
       (22, 'r13', 1, false, 9223372036854775807, 'EUR', 200),
       (23, 'r14', 1, false, split_limit(), 'EUR', 200),
       (24, 'r15', 9, false, 499, 'EUR', null);
create temp table refused as select * from pg_temp.create_ops();
select results_eq('select payment_id, result from refused order by ord',
    $$values (10::bigint, 'no_contract'), (11, 'currency_mismatch'),
             (12, 'subscriber_unknown'), (13, 'subscriber_unknown'),
             (14, 'subscriber_unknown'), (15, 'subscriber_unknown'),
             (16, 'no_contract'), (17, 'currency_mismatch'),
             (18, 'amount_not_allowed'), (19, 'amount_not_allowed'),
             (20, 'amount_not_allowed'), (21, 'amount_not_allowed'),
             (22, 'amount_not_allowed'), (23, 'processing'),
             (24, 'no_contract')$$, 'refusals, one each, in order');
select is_empty('select 1 from refused where result <> ''processing'''
                ' and (operator is not null or msisdn is not null)',
                'a number is given only to be charged');
select results_eq('select id from payment where id between 10 and 24',
    'values (23::bigint)', 'what is refused is not stored');
select is_empty('select 1 from payment_due d where not exists'
    ' (select from payment p where p.id = d.payment_id)', 'nor due');

insert into op (id, key) values (30, 'r1');
select is(result, 'pending', 'and does not use up its key')
  from pg_temp.create_ops();

-- contracts have their time

do $$
begin
    perform contract_add(2, 'demo_fr', now_ms() + 60000, null, 0, 0, 0);
end
$$;
insert into op (id, key, merchant, pseudonym)
values (31, 't1', 2, null), (32, 't2', 2, 204);
select results_eq('select result from pg_temp.create_ops()',
    $$values ('no_contract'), ('no_contract')$$, 'not yet in force');
update contract set valid_to = now_ms() - 1 where merchant_id = 1;
insert into op (id, key, pseudonym) values (31, 't1', null), (32, 't2', 200);
select results_eq('select result from pg_temp.create_ops()',
    $$values ('no_contract'), ('no_contract')$$, 'no longer in force');
insert into op (id, key) values (33, 'a');
select is(result, 'replay', 'a key that was used does not need a contract')
  from pg_temp.create_ops();
update contract set valid_to = now_ms() + 60000 where merchant_id = 1;
insert into op (id, key, pseudonym) values (31, 't1', null), (32, 't2', 200);
select results_eq('select result from pg_temp.create_ops()',
    $$values ('pending'), ('processing')$$, 'in force');

-- a key again

insert into op (id, key, request)
values (40, 'a', 'request'), (41, 'a', 'another'), (42, 'b', 'request'),
       (43, 'b', 'another');
select results_eq('select * from pg_temp.create_ops()',
    $$values (1, 'replay', 1::bigint, null::text, null::bytea),
             (2, 'mismatch', 1, null, null), (3, 'in_flight', 2, null, null),
             (4, 'mismatch', 2, null, null)$$,
    'replay, mismatch, in flight: with the first payment''s id');
select is(count(*)::int, 0, 'nothing is stored twice')
  from payment where id between 40 and 43;

-- a key twice in one batch

insert into op (id, key, request, pseudonym)
values (50, 'd', 'request', null), (51, 'd', 'request', null),
       (52, 'd', 'another', null), (53, 'e', 'request', 200),
       (54, 'e', 'request', 200), (55, 'f', 'request', 999),
       (56, 'f', 'request', 200);
select results_eq(
    'select ord, result, payment_id from pg_temp.create_ops()',
    $$values (1, 'pending', 50::bigint), (2, 'replay', 50),
             (3, 'mismatch', 50), (4, 'processing', 53), (5, 'in_flight', 53),
             (6, 'in_flight', 56), (7, 'processing', 56)$$,
    'the first that can be stored wins');
select is(count(*)::int, 3, 'one row each') from payment
 where id between 50 and 56;
select is(count(*)::int, 3, 'due once each') from payment_due
 where payment_id between 50 and 56;

-- keys in an order that is not theirs: answers keep the order of operations

insert into op (id, key) select 1000 + i, 'k' || i * 7919 % 100
                           from generate_series(1, 90) i;
select results_eq('select payment_id from pg_temp.create_ops()',
    'select 1000::bigint + i from generate_series(1, 90) i',
    'answers are in the order of the operations');

-- the same batch again: a commit was in doubt

create function pg_temp.doubt() returns table (result text, id bigint,
    operator text)
language plpgsql
as $$
begin
    insert into op (id, key, pseudonym)
    values (60, 'g', null), (61, 'h', 200), (62, 'i', 999), (63, 'a', null);
    return query select r.result, r.payment_id, r.operator
                   from pg_temp.create_ops() r;
end
$$;

create temp table first_answer as select * from pg_temp.doubt();
select results_eq('select * from pg_temp.doubt()', 'table first_answer',
                  'the same answers');
select is(string_agg(result, ' '), 'pending processing subscriber_unknown'
          ' replay', 'which are those of new payments') from first_answer;
select is(count(*)::int, 2, 'and nothing twice') from payment_due
 where payment_id between 60 and 63;

update payment_due set attempts = 1 where payment_id = 61;
select results_eq('select result from pg_temp.doubt()',
    $$values ('pending'), ('in_flight'), ('subscriber_unknown'),
             ('replay')$$, 'not charged again once recovery has looked at it');
update payment_due set attempts = 0 where payment_id = 61;

select count(*) from pg_temp.finish(61, 'unknown') \gset ignore_
select results_eq('select result from pg_temp.doubt()',
    $$values ('pending'), ('replay'), ('subscriber_unknown'),
             ('replay')$$, 'nor once its outcome is unknown');

select count(*) from pg_temp.finish(61, 'failed', 'declined') \gset ignore_
insert into op (id, key) values (64, 'h');
select is(result || ' ' || payment_id, 'replay 61', 'answered since')
  from pg_temp.create_ops();
select results_eq('select id, state, outcome_unknown, failure_code, operator,'
    ' approval, pin from payment_first(61)',
    $$values (61::bigint, 'processing', true, null::text, 'demo_fr', false,
              false)$$, 'the replay is the first answer, not the last');
select results_eq('select state, failure_code from payment_get(1, false, 61)',
    $$values ('failed', 'declined')$$, 'which is another');

insert into op (id, key, pseudonym) values (70, 'j', 200), (70, 'j', 200);
select results_eq('select result from pg_temp.create_ops()',
    $$values ('processing'), ('in_flight')$$,
    'one operation twice in a batch is charged once');

select * from finish();
rollback;
