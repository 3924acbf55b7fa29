-- Operators' files beside the ledger: what agrees, each kind of difference,
-- what the ledger learns from a file, and the life of a difference.

\ir lib/fixture.sql

select * from no_plan();

insert into recon_mapping (operator, owner, reference_column, theirs,
    amount_column, status_column, separator, date_format, time_zone,
    succeeded, failed, refunded)
values ('demo_fr', 'anna', 'reference', false, 'amount', 'status', ';',
        'YYYY-MM-DD', 'Europe/Paris', '{OK}', '{KO}', '{REFUND}');

-- A row of the file that is loaded next.
create function pg_temp.line(line int, id bigint, status "char",
    amount bigint default 499, class "char" default 'p',
    attempt int default 1, reference text default null,
    currency text default 'EUR')
returns void
language sql
as $$
insert into recon_row (line, class, status, attempt, id, amount, currency,
                       reference)
values (line, case when id is not null then class end, status,
        case when id is not null then attempt end, id, amount, currency,
        reference);
$$;

-- Loads it, and forgets its rows.
create function pg_temp.load(low bigint, high bigint) returns int
language plpgsql
as $$
declare
    v_file int;
begin
    v_file := recon_match('demo_fr', 'file.csv', sha256(low::text::bytea),
                          low, high, 'test');
    truncate recon_row;
    return v_file;
end
$$;

create function pg_temp.differences(file int)
returns table (line int, kind text, target bigint, attempt int,
    ours_state text, ours_amount bigint, theirs_amount bigint, outcome text,
    state text)
language sql
as $$
select line, kind, target, attempt::int, ours_state, ours_amount,
       theirs_amount, outcome, state
  from recon_diff where file_id = file order by line nulls last, target;
$$;

-- posted in three periods: before 1000, from 1000 and from 2000 on

create function pg_temp.post(ids bigint[], at bigint) returns void
language plpgsql
as $$
begin
    alter table journal disable trigger all;
    perform pg_temp.finish_all(ids,
        array(select 'succeeded' from unnest(ids)),
        array(select null::text from unnest(ids)),
        array(select 'op-' || i from unnest(ids) i));
    set local enable_seqscan = on;
    execute format('update carrierpay.journal set at = %s'
                   ' where payment_id = any (%L)', at, ids);
end
$$;

select pg_temp.charge_of(array(select generate_series(1, 29))) \gset ignore_
select pg_temp.post('{1,2,3,4,5}', 500),
       pg_temp.post('{11,12,13,14,15}', 1500),
       pg_temp.post('{21,22,23}', 2500) \gset ignore_

-- The first file: agrees, amounts, only on one side, double, late.

select pg_temp.line(2, 1, 's'), pg_temp.line(3, 2, 's', 500),
       pg_temp.line(4, 3, 's', 499, currency => 'XAF'),
       pg_temp.line(5, 99, 's'), pg_temp.line(6, 1, 's'),
       pg_temp.line(7, 11, 's'), pg_temp.line(8, null, 's',
                                              reference => 'their own'),
       pg_temp.line(9, 5, 's', attempt => 2),
       pg_temp.line(10, 12, 's'), pg_temp.line(11, 13, 's', 1) \gset ignore_

select pg_temp.load(0, 1000) as first \gset

select results_eq(format('select * from pg_temp.differences(%s)', :first),
    $$values (3, 'amount', 2::bigint, 1::smallint, 'posted', 499::bigint,
              500::bigint, null, 'open'),
             (4, 'amount', 3, 1, 'posted', 499, 499, null, 'open'),
             (5, 'only_theirs', 99, 1, null, null, 499, null, 'open'),
             (6, 'double', 1, 1, null, null, 499, null, 'open'),
             (7, 'late', 11, 1, 'succeeded', 499, 499, null, 'open'),
             (8, 'only_theirs', null, null, null, null, 499, null, 'open'),
             (9, 'only_theirs', 5, 2, null, null, 499, null, 'open'),
             (10, 'late', 12, 1, 'succeeded', 499, 499, null, 'open'),
             (11, 'amount', 13, 1, 'succeeded', 499, 1, null, 'open'),
             (null, 'only_ours', 4, 1, 'posted', 499, null, null, 'open'),
             (null, 'only_ours', 5, 1, 'posted', 499, null, null, 'open')$$,
    'what a file differs in');
select results_eq(format('select seq, rows, agrees from cdr_file'
                         ' where id = %s', :first),
                  'values (1, 10::bigint, 1::bigint)',
                  'how many rows it has, and how many of them agree');
select is((select array_agg(distinct owner) from recon_diff),
          array['anna'], 'what differs has the owner of its operator');
select is(reference, 'their own', 'a reference that is none of ours is kept')
  from recon_diff where line = 8;
select throws_ok('select pg_temp.load(0, 999)', '23P01', null,
                 'no two files of an operator cover the same time');

-- The second one: what was late before is explained, or was told twice, and
-- what comes late now explains what was missing.

select pg_temp.line(2, 12, 's'), pg_temp.line(3, 14, 's'),
       pg_temp.line(4, 15, 's'), pg_temp.line(5, 4, 's'),
       pg_temp.line(6, 1, 's') \gset ignore_
select pg_temp.load(1000, 2000) as second \gset

select results_eq(format('select * from pg_temp.differences(%s)', :second),
    $$values (5, 'late', 4::bigint, 1::smallint, 'succeeded', 499::bigint,
              499::bigint, null, 'explained'),
             (6, 'double', 1, 1, 'succeeded', 499, 499, null, 'open'),
             (null, 'only_ours', 11, 1, 'posted', 499, null, null,
              'explained'),
             (null, 'only_ours', 13, 1, 'posted', 499, null, null,
              'explained')$$,
    'a charge in the file of another day, and one that was told twice');
select results_eq(format('select line, kind, state from recon_diff'
        ' where file_id = %s and line in (7, 10, 11) or file_id = %1$s'
        ' and target = 4 order by line', :first),
    $$values (7, 'late', 'explained'), (10, 'double', 'open'),
             (11, 'amount', 'open'), (null, 'only_ours', 'explained')$$,
    'what became of the earlier file');
select results_eq('select author, n.state, n.owner, why from recon_note n'
    ' join recon_diff d on d.id = n.diff_id where d.target = 4 order by line',
    $$values ('test', 'explained', 'anna', 'posted in the period of file 1'),
             ('test', 'explained', 'anna', 'in file 2, line 5')$$,
    'each says where the other is');

select pg_temp.line(2, 4, 's'), pg_temp.line(3, 21, 's'),
       pg_temp.line(4, 22, 's'), pg_temp.line(5, 23, 's') \gset ignore_
select pg_temp.load(2000, 3000) as third \gset
select results_eq(format('select line, kind, target from recon_diff'
                         ' where file_id = %s', :third),
                  $$values (2, 'double', 4::bigint)$$,
                  'what was explained before is told twice');

-- What the ledger learns: 6 and 7 are in processing, 8 has failed, 10 is
-- another operator's, 17 is about to be released, and 18 is being
-- reserved.

select count(*) from pg_temp.finish(6, 'unknown') \gset ignore_
select count(*) from pg_temp.finish(8, 'failed', 'generic_decline')
    \gset ignore_
insert into incident (at, kind, payment_id, operator, recorded, said)
values (0, 'outcome_unknown', 6, 'demo_fr', 'processing', 'unknown');
insert into op (id, key) values (30, 'pending') \gset ignore_
select count(*) from pg_temp.create_ops() \gset ignore_
update payment set operator = 'net_fr' where id = 10;
update payment set hold = 'v' where id = 17;
update payment set hold = 'r' where id = 18;

select pg_temp.line(2, 6, 's'), pg_temp.line(3, 7, 'f'),
       pg_temp.line(4, 8, 's'), pg_temp.line(5, 1, 'f'),
       pg_temp.line(6, 10, 's'), pg_temp.line(7, 30, 's'),
       pg_temp.line(8, 16, 's', 400), pg_temp.line(9, 8, 'f'),
       pg_temp.line(10, 17, 'f'), pg_temp.line(11, 18, 's') \gset ignore_
select pg_temp.load(3000, 4000) as fourth \gset

select results_eq(format('select line, kind, target, ours_state, outcome'
        ' from recon_diff where file_id = %s order by line', :fourth),
    $$values (2, 'unknown', 6::bigint, 'processing', 'succeeded'),
             (3, 'unknown', 7, 'processing', 'failed'),
             (4, 'contradicts', 8, 'failed', 'succeeded'),
             (5, 'contradicts', 1, 'succeeded', 'failed'),
             (6, 'only_theirs', 10, 'processing', null),
             (7, 'contradicts', 30, 'pending', 'succeeded'),
             (8, 'amount', 16, 'processing', 'succeeded'),
             (11, 'contradicts', 18, 'processing', 'succeeded')$$,
    'what is unknown, and what contradicts; a failure that is known agrees');

select results_eq(format('select * from recon_tell(%s, 2, ''file'')',
                         :fourth), 'values (2, 5)', 'two are told');
select results_eq(format('select * from recon_tell(%s, 100, ''file'')',
                         :fourth), 'values (5, 0)', 'and the others');
select results_eq(format('select * from recon_tell(%s, 100, ''file'')',
                         :fourth), 'values (0, 0)', 'nothing twice');
select results_eq(format('select line, result, state from recon_diff'
        ' where file_id = %s and outcome is not null order by line', :fourth),
    $$values (2, 'applied', 'settled'), (3, 'applied', 'settled'),
             (4, 'conflict', 'open'), (5, 'conflict', 'open'),
             (7, 'conflict', 'open'), (8, 'applied', 'open'),
             (11, 'conflict', 'open')$$,
    'what the ledger has said');
select set_eq('select payment_id, kind, recorded, resolved_at is null'
              ' from incident',
    $$values (6::bigint, 'outcome_unknown', 'processing', false),
             (8, 'charged_not_recorded', 'failed', true),
             (1, 'recorded_not_charged', 'succeeded', true),
             (30, 'charged_not_recorded', 'pending', true),
             (18, 'charged_not_recorded', 'processing', true)$$,
    'contradictions are incidents, and the unknown outcome is none any more');
select results_eq('select id, state_name(state), failure_code from payment'
                  ' where id in (6, 7, 8, 16) order by id',
    $$values (6::bigint, 'succeeded', null),
             (7, 'failed', 'generic_decline'),
             (8, 'failed', 'generic_decline'), (16, 'succeeded', null)$$,
    'the payments');
select is(count(*)::int, 3, 'what was charged is posted: 6, 16, and 8 to'
                            ' suspense')
  from journal where payment_id in (6, 7, 8, 16);
select is(count(*)::int, 2, 'the merchant is told of an outcome')
  from outbox where payment_id = 7;
select is(kind::text, 'b', 'the late charge is paid back')
  from refund where payment_id = 8;

-- Refunds, by their own ids; declined attempts, by their numbers.

select count(*) from refund_begin(50, 1, false, 1, 100, null,
    gen_random_uuid(), gen_random_uuid()) \gset ignore_
select count(*) from refund_begin(51, 1, false, 2, 100, null,
    gen_random_uuid(), gen_random_uuid()) \gset ignore_
select count(*) from refund_begin(52, 1, false, 3, 100, null,
    gen_random_uuid(), gen_random_uuid()) \gset ignore_
select count(*) from refund_begin(53, 1, false, 11, 100, null,
    gen_random_uuid(), gen_random_uuid()) \gset ignore_
select count(*) from refund_begin(54, 1, false, 12, 100, null,
    gen_random_uuid(), gen_random_uuid()) \gset ignore_
select refund_finish(50, 'succeeded', null, 'b50', null, null),
       refund_finish(51, 'succeeded', null, 'b51', null, null),
       refund_finish(53, 'failed', 'generic_decline', null, null, null)
    \gset ignore_
update journal set at = 4500 where payment_id in (1, 2) and operation = 2;

select pg_temp.line(2, 50, 'r', 100, 'r', 0),
       pg_temp.line(3, 51, 'r', 99, 'r', 0),
       pg_temp.line(4, 52, 'r', 100, 'r', 0),
       pg_temp.line(5, 53, 'r', 100, 'r', 0),
       pg_temp.line(6, 54, 'f', 100, 'r', 0),
       pg_temp.line(7, 53, 'f', 100, 'r', 0),
       pg_temp.line(8, 55, 'r', 100, 'r', 0) \gset ignore_
select pg_temp.load(4000, 5000) as fifth \gset
select count(*) from recon_tell(:fifth, 100, 'file') \gset ignore_
select results_eq(format('select line, kind, target, result from recon_diff'
                         ' where file_id = %s order by line', :fifth),
    $$values (3, 'amount', 51::bigint, null), (4, 'unknown', 52, 'applied'),
             (5, 'contradicts', 53, 'conflict'),
             (6, 'unknown', 54, 'applied'), (8, 'only_theirs', 55, null)$$,
    'refunds in a file');
select results_eq('select id, refund_state_name(state) from refund'
                  ' where id in (52, 53, 54) order by id',
                  $$values (52::bigint, 'succeeded'), (53, 'failed'),
                           (54, 'failed')$$, 'what became of them');

insert into op (id, key) values (31, 'two attempts') \gset ignore_
select count(*) from pg_temp.create_ops() \gset ignore_
select pg_temp.begin_one(31, 310), pg_temp.finish(31, 'failed', 'expired'),
       pg_temp.begin_one(31, 311), pg_temp.finish(31, 'succeeded')
    \gset ignore_
update journal set at = 5500 where payment_id = 31;

select pg_temp.line(2, 31, 'f'), pg_temp.line(3, 31, 's', attempt => 2)
    \gset ignore_
select pg_temp.load(5000, 6000) as sixth \gset
select is_empty(format('select from recon_diff where file_id = %s', :sixth),
                'an attempt that was declined, and the one that was charged');
select pg_temp.line(2, 31, 's') \gset ignore_
select pg_temp.load(6000, 7000) as seventh \gset
select count(*) from recon_tell(:seventh, 100, 'file') \gset ignore_
select results_eq('select kind, recorded, said from incident'
                  ' where payment_id = 31',
                  $$values ('charged_not_recorded', 'attempt 1 failed',
                            'attempt 1 succeeded')$$,
                  'a declined attempt that was charged is an incident');

-- What is taken back: named by the operator's reference of it, by the payment,
-- or by the number; 12 is held, and the operator bears 15 and 3.

update recon_mapping set charged_back = '{CB}', chargeback_reversed = '{CBR}';

do $$
begin
    perform chargeback_add(21, 499, 'c', 'CB-21'),
            chargeback_add(22, 100, 'c', 'CB-22'),
            chargeback_add(22, 50, 'c', 'CB-22-2'),
            chargeback_reverse(22, 2, 'WON-22'),
            chargeback_add(23, 499, 'c', 'CB-23'),
            chargeback_add(14, 499, 'n', 'CB-14'),
            chargeback_add(11, 499, 'n', 'CB-11');
    insert into chargeback (payment_id, reported, counted, amount, refunded,
        charged_back, fee, number, reason, bearer, operator, reference)
    values (15, 7500, 7500, 499, 0, 0, 0, 2, 'n', 'o', 'demo_fr', 'CB-15'),
           (3, 7500, 7500, 100, 0, 0, 0, 9, 'n', 'o', 'demo_fr', 'CB-3'),
           (12, 7500, null, 499, 0, 0, 0, 9, 'c', 'm', 'demo_fr', 'CB-12');
end
$$;

update journal set at = 7500
 where payment_id in (14, 21, 22, 23) and operation > 1;
update journal set at = 9500 where payment_id = 11 and operation > 1;

select pg_temp.line(2, null, 'k', reference => 'CB-21'),
       pg_temp.line(3, 22, 'k', 50, 'k', null),
       pg_temp.line(4, 22, 'k', 100, 'k', 2),
       pg_temp.line(5, 22, 'v', 100, 'k', 2),
       pg_temp.line(6, 23, 'k', 498, 'k', null),
       pg_temp.line(7, null, 'k', reference => 'CB-15'),
       pg_temp.line(8, null, 'k', reference => 'CB-12'),
       pg_temp.line(9, null, 'k', reference => 'CB-0'),
       pg_temp.line(10, 13, 'k', 499, 'k', null),
       pg_temp.line(11, 21, 'k', 499, 'k', null),
       pg_temp.line(12, 21, 'v', 499, 'k', null) \gset ignore_
select pg_temp.load(7000, 8000) as taken \gset
select results_eq(format('select line, kind, target, attempt::int, ours_state'
                         ' from recon_diff where file_id = %s'
                         ' order by line nulls last', :taken),
    $$values (6, 'amount', 23::bigint, 2, 'posted'),
             (8, 'late', 12, 9, 'chargeback held'),
             (9, 'only_theirs', null, null, null),
             (10, 'only_theirs', 13, null, null),
             (11, 'double', 21, 2, null),
             (12, 'only_theirs', 21, null, null),
             (null, 'only_ours', 14, 2, 'posted')$$,
    'chargebacks and reversals in a file');
select set_eq('select theirs_status, payment_id from recon_view'
              ' where class = ''k'' and target in (21, 23)',
              $$values ('charged_back', 21::bigint), ('charged_back', 23),
                       ('chargeback_reversed', 21)$$,
              'as people read them');

select chargeback_count(12, '9') \gset ignore_
update journal set at = 8500 where payment_id = 12 and operation = 9;
select pg_temp.line(2, 14, 'k', 499, 'k', null) \gset ignore_
select pg_temp.load(8000, 9000) as after \gset
select set_eq('select target, kind, state from recon_diff'
              ' where class = ''k'' and target in (12, 14)',
              $$values (14::bigint, 'only_ours', 'explained'),
                       (14, 'late', 'explained'), (12, 'late', 'explained'),
                       (12, 'only_ours', 'explained')$$,
              'one in the file of another day is explained, and one that was'
              ' held');

update recon_mapping set charged_back = '{}', chargeback_reversed = '{}';
select pg_temp.load(9000, 10000) as elsewhere \gset
select is_empty(format('select from recon_diff where file_id = %s',
                       :elsewhere),
                'nothing is missing in a file that has no word for it');
select throws_ok('update recon_mapping set charged_back = ''{KO}''', '23514',
                 null, 'a word has one meaning');

-- A file with the operator's references.

update recon_mapping set theirs = true, charged_back = '{CB}';
select id_time(0) as epoch \gset
select pg_temp.post('{24,25}', :epoch + 500) \gset ignore_
select pg_temp.line(2, null, 's', reference => 'op-24'),
       pg_temp.line(3, null, 's', 1, reference => 'op-25'),
       pg_temp.line(4, null, 'r', 100, reference => 'b50'),
       pg_temp.line(5, null, 's', reference => 'op-26'),
       pg_temp.line(6, null, 'k', reference => 'op-21') \gset ignore_
select pg_temp.load(:epoch, :epoch + 1000) as eighth \gset
select results_eq(format('select line, kind, target from recon_diff'
                         ' where file_id = %s order by line', :eighth),
                  $$values (3, 'amount', 25::bigint), (4, 'double', 50),
                           (5, 'only_theirs', null), (6, 'double', 21)$$,
                  'what the operator''s references name');

-- The life of a difference.

select id as diff from recon_diff where line = 3 and file_id = :first \gset
select ok(recon_change(:diff, null, 'bob', 'anna', 'knows the operator'),
          'a difference gets another owner');
select ok(recon_change(:diff, 'settled', null, 'bob', 'paid by transfer'),
          'and is settled');
select results_eq(format('select author, state, owner, why from recon_note'
                         ' where diff_id = %s order by at, state', :diff),
    $$values ('anna', 'open', 'bob', 'knows the operator'),
             ('bob', 'settled', 'bob', 'paid by transfer')$$,
    'who did what, and why');
select ok(not recon_change(0, 'settled', null, 'bob', 'none'),
          'there is no such difference');
select throws_ok(format('select recon_change(%s, ''gone'', null, ''bob'','
                        ' ''?'')', :diff), '23514', null, 'no such state');
select throws_ok(format('select recon_change(%s, null, null, ''bob'', '''')',
                        :diff), '23514', null, 'a change has a reason');

-- When a period is closed.

select matches(journal_open(now_ms() + 60000), 'not ended', 'a period that has'
               ' not ended is open');
select is(journal_open(now_ms() - 60000), null, 'one that is over is closed');
select throws_ok(format('select recon_match(''demo_fr'', ''f'', ''\x00'', %s,'
                        ' %s, ''test'')', now_ms(), now_ms() + 60000),
                 '55000', 'the period of the file is open: it has not ended'
                 ' yet', 'no file of a period that is open');

-- What reconciliation may do.

select set_eq(
    $$select oid::regprocedure::text from pg_proc
       where pronamespace = 'carrierpay'::regnamespace
         and has_function_privilege('carrierpay_recon', oid, 'execute')
         and pg_get_userbyid(proowner) = 'carrierpay_owner'$$,
    $$values ('cdr_next(text,bigint)'), ('cdr_rows(integer,bigint,bigint)'),
             ('cdr_add(text,integer,integer,bigint,bigint,text,text,bigint,'
              'bytea,bytea[])'), ('recon_begin()'),
             ('recon_match(text,text,bytea,bigint,bigint,text)'),
             ('recon_tell(integer,integer,text)'),
             ('recon_change(bigint,text,text,text,text)')$$,
    'reconciliation may call these functions, and no other');
select set_eq(
    $$select c.oid::regclass::text, p.privilege
        from pg_class c
       cross join unnest(array['select', 'insert', 'update', 'delete',
                               'truncate', 'references', 'trigger'])
             p (privilege)
       where c.relnamespace = 'carrierpay'::regnamespace
         and c.relkind in ('r', 'p', 'v')
         and has_table_privilege('carrierpay_recon', c.oid, p.privilege)$$,
    $$values ('recon_form', 'select'), ('recon_currency', 'select'),
             ('cdr_file', 'select'), ('cdr_template', 'select'),
             ('cdr_digest', 'select'), ('recon_view', 'select'),
             ('recon_note', 'select'), ('recon_row', 'select'),
             ('recon_row', 'insert')$$,
    'and touch these tables');
select ok(rolcanlogin and not (rolsuper or rolcreaterole or rolcreatedb
                               or rolbypassrls or rolreplication)
          and not exists (select from pg_auth_members
                           where member = 'carrierpay_recon'::regrole),
          'it may log in, no more')
  from pg_roles where rolname = 'carrierpay_recon';

set local role carrierpay_recon;
select lives_ok('select recon_begin()', 'it begins a file');
select lives_ok('insert into recon_row (line, status, amount, currency)'
                ' values (2, ''s'', 1, ''EUR'')', 'it copies rows');
select throws_ok(s, '42501', null, 'refused to reconciliation: ' || s)
  from unnest(array['update carrierpay.recon_diff set state = ''settled''',
                    'update carrierpay.recon_mapping set owner = ''me''',
                    'select 1 from carrierpay.payment',
                    'select 1 from carrierpay.journal',
                    'select 1 from carrierpay.subscriber',
                    'select carrierpay.payment_finish(null, null, null, null,'
                        ' null, null, null)']) s;
reset role;

select * from finish();
rollback;
