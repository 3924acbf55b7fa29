-- Generic plans are made when the tables are small and used when they are
-- large: every function must read a few blocks an operation, whatever the
-- planner once knew.

\ir lib/fixture.sql

select * from no_plan();

-- Blocks of our tables and indexes that this transaction has read.
create function pg_temp.blocks() returns bigint
language sql
as $$
select sum(pg_stat_get_xact_blocks_fetched(oid))::bigint from pg_class
 where relnamespace = 'carrierpay'::regnamespace and relkind in ('r', 'i');
$$;

-- Makes these payments and messages due, so that the next claim leases them.
create function pg_temp.due(ids bigint[]) returns void
language plpgsql
set enable_seqscan = off
as $$
begin
    update payment_due set due_at = now_ms() - 1 where payment_id = any (ids);
    update message_due set due_at = now_ms() - 1 where message_id = any (ids);
end
$$;

-- A life of some payments: each function once.  Returns what each has read.
create function pg_temp.life(p_from bigint, p_count int)
returns table (what text, read bigint)
language plpgsql
as $$
declare
    v_ids   bigint[] := array(select p_from + i
                                from generate_series(1, p_count) i);
    v_last  bigint := pg_temp.blocks();
    v_claim record;
    v_sent  record;
begin
    insert into op (id, key, pseudonym, email)
    select i, 'life ' || i, case when i % 2 = 0 then 200 end, '\xee'
      from unnest(v_ids) i;
    perform pg_temp.create_ops();
    what := 'payment_create';
    read := pg_temp.blocks() - v_last; return next;

    insert into op (id, key, pseudonym, email)
    select i, 'life ' || i, case when i % 2 = 0 then 200 end, '\xee'
      from unnest(v_ids) i;
    v_last := pg_temp.blocks();
    perform pg_temp.create_ops();
    what := 'payment_create again';
    read := pg_temp.blocks() - v_last; return next;

    v_last := pg_temp.blocks();
    perform pin_issue(i, 1, false, 30000000 + i, 'demo_fr', 'mvno',
                      sha256(i::text::bytea), '\xbb', 40000000 + i, 'fr',
                      '\x50', false, null, false),
            pin_last(i, 1, false),
            pin_issue(i, null, null, 31000000 + i, 'demo_fr', 'mvno',
                      sha256(i::text::bytea), '\xbb', 41000000 + i, 'fr',
                      '\x50', false, sha256('visitor'), false)
       from unnest(v_ids) i where i % 2 = 1;
    what := 'pin_issue, pin_last';
    read := pg_temp.blocks() - v_last; return next;

    v_last := pg_temp.blocks();
    perform pin_attempt(i, null, null, sha256(i::text::bytea), 50000000 + i,
                        sha256(i::text::bytea), sha256('block'), false),
            pin_attempt(i, 1, false, null, 51000000 + i, null, null, false)
       from unnest(v_ids) i where i % 2 = 1;
    what := 'pin_attempt';
    read := pg_temp.blocks() - v_last; return next;

    v_last := pg_temp.blocks();
    perform pg_temp.begin_all(v_ids, v_ids,
        array(select 'demo_fr' from unnest(v_ids)),
        array(select 10000000 + i from unnest(v_ids) i),
        array(select sha256(i::text::bytea) from unnest(v_ids) i),
        array(select 20000000 + i from unnest(v_ids) i),
        array(select 'mvno' from unnest(v_ids)),
        array(select 50000000 + i from unnest(v_ids) i));
    what := 'payment_begin';
    read := pg_temp.blocks() - v_last; return next;

    perform pg_temp.due(v_ids);
    v_last := pg_temp.blocks();
    perform payment_claim(p_count, 60000, 77);
    what := 'payment_claim';
    read := pg_temp.blocks() - v_last; return next;

    v_last := pg_temp.blocks();
    perform pg_temp.finish_all(v_ids,
        array(select case i % 4 when 3 then 'approval' else 'unknown' end
                from unnest(v_ids) i),
        array(select null::text from unnest(v_ids)),
        array(select null::text from unnest(v_ids)));
    what := 'payment_finish, unknown';
    read := pg_temp.blocks() - v_last; return next;

    v_last := pg_temp.blocks();
    perform payment_finish(v_ids,
        array(select 'succeeded' from unnest(v_ids)),
        array(select null::text from unnest(v_ids)),
        array(select null::text from unnest(v_ids)),
        array(select 42000000 + i from unnest(v_ids) i),
        array(select 43000000 + i from unnest(v_ids) i),
        pg_temp.attempts(v_ids));
    what := 'payment_finish';
    read := pg_temp.blocks() - v_last; return next;

    v_last := pg_temp.blocks();
    perform mail_add(i, 44000000 + i, '\xee', 'fr') from unnest(v_ids) i;
    what := 'mail_add';
    read := pg_temp.blocks() - v_last; return next;

    v_last := pg_temp.blocks();
    select array_agg(id) as ids, array_agg(parts) as parts,
           array_agg(words) as words
      into v_sent
      from (select c.id, 1 as parts, 'word' as words
              from message_claim(10 * p_count, 60000, 79) c) c;
    what := 'message_claim';
    read := pg_temp.blocks() - v_last; return next;

    v_last := pg_temp.blocks();
    perform message_done(v_sent.ids,
        array(select 79 from unnest(v_sent.ids))::bigint[],
        array(select case i % 2 when 0 then 'failed' else 'accepted' end
                from unnest(v_sent.ids) i),
        v_sent.words, v_sent.words, v_sent.parts, v_sent.ids, v_sent.words);
    what := 'message_done';
    read := pg_temp.blocks() - v_last; return next;

    v_last := pg_temp.blocks();
    perform message_report(i, 'delivered', '0') from unnest(v_sent.ids) i;
    what := 'message_report';
    read := pg_temp.blocks() - v_last; return next;

    perform pg_temp.due(v_sent.ids);
    v_last := pg_temp.blocks();
    perform message_claim(10 * p_count, 60000, 80);
    what := 'message_claim, reported ones';
    read := pg_temp.blocks() - v_last; return next;

    v_last := pg_temp.blocks();
    perform mo_take(60000000 + 10 * i + n, 'kannel', i || ' ' || n, action,
                    '38888', sha256(i::text::bytea), '\xbb', '\xb0', null,
                    'demo_fr', 'fr', 45000000 + 10 * i + n, null, false)
       from unnest(v_ids) i,
            unnest(array['stop', 'none', 'none', 'help', 'stop_all'])
            with ordinality a (action, n) where i % 2 = 1;
    what := 'mo_take';
    read := pg_temp.blocks() - v_last; return next;

    v_last := pg_temp.blocks();
    perform stop_subscriber(1, false, 20000000 + i, 'merchant')
       from unnest(v_ids) i where i % 2 = 1;
    what := 'stop_subscriber';
    read := pg_temp.blocks() - v_last; return next;

    v_last := pg_temp.blocks();
    perform payment_expire(v_ids);
    what := 'payment_expire';
    read := pg_temp.blocks() - v_last; return next;

    v_last := pg_temp.blocks();
    perform payment_get(1, false, v_ids[1]), payment_first(v_ids[1]),
            payment_page(v_ids);
    what := 'payment_get, payment_first, payment_page';
    read := pg_temp.blocks() - v_last; return next;

    v_last := pg_temp.blocks();
    perform eligibility_evaluate(
        array(select 1 from unnest(v_ids)),
        array(select false from unnest(v_ids)),
        array(select 'demo_fr' from unnest(v_ids)),
        array(select sha256(i::text::bytea) from unnest(v_ids) i),
        array(select 499::bigint from unnest(v_ids)),
        array(select 'EUR' from unnest(v_ids)),
        array(select 'digital_content' from unnest(v_ids)));
    perform subscriber_get(1, false, 200, 499, 'EUR') from unnest(v_ids) i;
    what := 'eligibility_evaluate, subscriber_get';
    read := pg_temp.blocks() - v_last; return next;

    v_last := pg_temp.blocks();
    select array_agg(payment_id) as payments, array_agg(seq) as seqs,
           array_agg(endpoint_id) as endpoints
      into v_claim from outbox_claim(4 * p_count, 60000, 78);
    what := 'outbox_claim';
    read := pg_temp.blocks() - v_last; return next;

    v_last := pg_temp.blocks();
    perform outbox_done(v_claim.payments, v_claim.seqs, v_claim.endpoints,
        array(select 78 from unnest(v_claim.payments))::bigint[],
        array(select i % 2 = 0 from unnest(v_claim.payments) i),
        array(select 0 from unnest(v_claim.payments)));
    what := 'outbox_done';
    read := pg_temp.blocks() - v_last; return next;
end
$$;

-- more than sixty partitions, as weekly ones would be a year later

update partitioned set days = least(days, 7) where not by_period;
do $$
begin
    perform partition_extend(t, now_ms() + 400 * 86400000::bigint)
       from partitioned t;
end
$$;

-- the planner is told of nothing, then of next to nothing

analyze;
select count(*) from pg_temp.life(1000, 8) \gset ignore_
analyze;
create temp table small as select * from pg_temp.life(2000, 8);

-- much comes, and the planner is not told

insert into merchant (id, name) select i, 'Shop ' || i
                                  from generate_series(1001, 1500) i;
insert into api_key (hash, merchant_id, live)
select sha256(i::text::bytea), 1, false from generate_series(1, 20000) i;
insert into endpoint (id, merchant_id, live, url, secret)
select i, i, false, 'http://127.0.0.1/' || i, '\x05'
  from generate_series(1001, 1500) i;
do $$
begin
    perform contract_add(i, 'demo_fr', 0, null, 0, 0, 0)
       from generate_series(1001, 1500) i;
end
$$;
insert into subscriber (id, msisdn_index, live, msisdn, operator)
select 100000 + i, sha256((-i)::text::bytea), false, '\xcc', 'demo_fr'
  from generate_series(1, 20000) i;
insert into pseudonym (id, merchant_id, subscriber_id, live, known_since,
                       consent_id, later_max, currency)
select 200000 + i, 1, 100000 + i, false, 0, i, 900, 'EUR'
  from generate_series(1, 20000) i;
insert into block (msisdn_index, merchant_id, live, at, source)
select sha256(('many ' || i)::bytea), nullif(i % 3, 0), true, 0, 'test'
  from generate_series(1, 20000) i;
insert into idem (key, request, payment_id, period)
select md5('many ' || i)::uuid, md5('')::uuid, 300000 + i, 0
  from generate_series(1, 20000) i;
insert into payment (id, amount, expires, merchant_id, events, live, state,
                     category, currency)
select 300000 + i, 499, 2000000000000, 1, 1, false, 'p', 'd', 'EUR'
  from generate_series(1, 20000) i;
insert into payment_due (payment_id, due_at)
select 300000 + i, 2000000000000 from generate_series(1, 20000) i;
insert into event (payment_id, at, seq, kind)
select 300000 + i, 0, 1, 'u'
  from generate_series(1, 20000) i;
insert into vat_rate (country, category, valid_from, bp)
select chr(65 + i % 26) || 'Z', 'd', i, 0 from generate_series(1, 20000) i;
insert into operator (code, name, country, currency)
select 'many_' || i, 'Many', 'FR', 'EUR' from generate_series(1, 20000) i;
insert into price_list (operator, valid_from, amounts)
select 'many_' || i % 500 + 1, i, '{499}' from generate_series(1, 20000) i;
insert into journal (payment_id, operation, contract_id, category, currency,
                     at, accounts, amounts)
select 300000 + i, 1, 1, 'd', 'EUR', 0, '{1,2}', '{5,-5}'
  from generate_series(1, 20000) i;
insert into pin (payment_id, pin_id, sent_at, sends, tries, operator,
                 looked_up, msisdn_index, msisdn)
select 300000 + i, i, 0, 1, 0, 'demo_fr', false,
       sha256((-i)::text::bytea), '\xcc'
  from generate_series(1, 20000) i;
insert into pin_failure (id, at, payment_id, msisdn_index, visitor, block,
                         proved, live)
select i, now_ms(), 300000 + i, sha256((-i)::text::bytea),
       sha256((-i)::text::bytea), sha256((-i)::text::bytea), false, false
  from generate_series(1, 20000) i;
insert into consent (id, payment_id, at, merchant_id, method)
select -i, 300000 + i, 0, 1, 'test' from generate_series(1, 20000) i;
insert into message (id, at, deadline, payment_id, merchant_id, channel, kind,
                     recipient, recipient_index)
select i, 0, 2000000000000, 300000 + i, 1,
       case i % 2 when 0 then 's' else 'm' end::"char", 'receipt', '\xcc',
       case i % 2 when 0 then sha256((-i)::text::bytea) end
  from generate_series(1, 20000) i;
insert into message_due (message_id, due_at)
select i, 2000000000000 from generate_series(1, 20000) i;
insert into mo (id, at, provider, provider_id, action, receiver,
                sender_index, sender, body)
select i, now_ms(), 'kannel', i, 'none', '38888', sha256((-i)::text::bytea),
       '\xcc', '\xb0'
  from generate_series(1, 20000) i;

-- one dead endpoint: some of its rows are due, the others wait
insert into outbox (due_at, payment_id, seq, endpoint_id)
select case when i % 2 = 0 then 1 else 2000000000000 end, 300000 + i, 1, 1001
  from generate_series(1, 20000) i;

-- sequential scans of our tables in this transaction
create function pg_temp.scans() returns bigint
language sql
as $$
select sum(pg_stat_get_xact_numscans(oid))::bigint from pg_class
 where relnamespace = 'carrierpay'::regnamespace and relkind = 'r';
$$;

-- Blocks of each partition but the first that this transaction has read.
create function pg_temp.partition_blocks()
returns table (partition regclass, read bigint)
language sql
as $$
select p.partition, sum(pg_stat_get_xact_blocks_fetched(r.oid))
  from partition p
  join pg_class r
    on r.oid = p.partition
    or r.oid in (select indexrelid from pg_index
                  where indrelid = p.partition)
 where p.low is not null
   and p.name in ('payment', 'journal', 'consent', 'event', 'idem', 'pin')
 group by p.partition;
$$;

create temp table before as select * from pg_temp.partition_blocks();
select pg_temp.scans() as before_scans \gset
create temp table large as select * from pg_temp.life(4000, 8);
select is(pg_temp.scans(), :before_scans::bigint,
          'no table is read from end to end');

-- all identifiers here are of the first partitions
select cmp_ok(count(*)::int, '>', 180, 'of many partitions') from before;
select is(string_agg(partition::text, ', '), null,
          'only those are read that hold the rows')
  from before b join pg_temp.partition_blocks() p using (partition)
 where b.read <> p.read;

-- claims meet more endpoints now; the rest may go a level deeper
select cmp_ok(l.read, '<', 2 * s.read + 200,
              format('%s: %s blocks, %s when all was small', what, l.read,
                     s.read))
  from large l join small s using (what);
select is(count(*)::int, 20, 'every function was called') from large;
select is(count(*)::int, 8, 'and did what it should') from payment
 where id between 4001 and 4008 and state = 's';

select is(count(*)::int, 4, 'with consents') from consent
 where payment_id between 4001 and 4008;
select results_eq('select kind, count(*)::int from message'
    ' where payment_id between 4001 and 4008 group by 1 order by 1',
    $$values ('pin', 4), ('receipt', 24)$$, 'PINs and receipts');
select is(count(*)::int, 4, 'wrong guesses, and the right ones taken back')
  from pin_failure where payment_id between 4001 and 4008;
select is_empty('select * from message_due d join message m on m.id ='
                ' d.message_id where payment_id between 4001 and 4008'
                ' and channel = ''s''', 'and messages that are over');

select pg_temp.blocks() as before_key \gset
select count(*) from key_find(sha256('1')) \gset key_
select cmp_ok(pg_temp.blocks() - :before_key, '<', 10::bigint, 'key_find');
select is(:key_count, 1, 'finds the key');

select * from finish();
rollback;
