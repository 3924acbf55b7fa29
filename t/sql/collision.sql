-- Identifiers that are taken already.  Two workers of one number would make
-- such; whatever function is given one refuses all that it was asked for,
-- and neither takes the other's row for its own nor leaves half of it.

\ir lib/fixture.sql

select * from no_plan();

insert into op (id, key) select i, 'k' || i from generate_series(1, 5) i;
select count(*) from pg_temp.create_ops() \gset ignore_
select pg_temp.charge_of(array[6, 7]);
insert into subscriber (id, msisdn_index, live, msisdn, operator)
values (720, sha256('x'), false, '\xaa', 'demo_fr');
select message_add(730, 's', 'pin', 60000, 1, 1, 'demo_fr', 'fr',
                   sha256('x'), '\xbb', null);
insert into mo (id, at, provider, action, receiver, sender_index, sender,
                body)
values (740, 0, 'kannel', 'help', '38888', sha256('x'), '\xbb', '\xb0');
select count(*) from pin_issue(4, null, null, 750, 'demo_fr', null,
    sha256('y'), '\xbb', 751, 'fr', '\xb0', false, null, false) \gset ignore_
select count(*) from pin_attempt(4, null, null, null, 760, null, null, false)
    \gset ignore_

-- All that a function might have written, as one value.
create function pg_temp.written() returns text
language plpgsql
as $$
declare
    v_table name;
    v_rows  text;
    v_all   text := '';
begin
    for v_table in select tablename from pg_tables
                    where schemaname = 'carrierpay' order by 1 loop
        execute format('select md5(string_agg(t::text, e''\n'''
                       ' order by t::text)) from %I t', v_table)
           into v_rows;
        v_all := v_all || v_table || ' ' || coalesce(v_rows, '') || ' ';
    end loop;
    return v_all;
end
$$;

create function pg_temp.refuses(query text, what text) returns setof text
language plpgsql
as $$
declare
    v_before text := pg_temp.written();
begin
    return next throws_ok(query, '23505', null, what);
    return next is(pg_temp.written(), v_before, what || ': nothing is left');
end
$$;

select * from pg_temp.refuses($$insert into op (id, key, pseudonym)
    values (9, 'new', null), (3, 'other', null);
    select * from pg_temp.create_ops()$$, 'payment_create, a payment');
select * from pg_temp.refuses($$insert into op (id, key, pseudonym)
    values (9, 'new', 200), (3, 'other', 200);
    select * from pg_temp.create_ops()$$, 'payment_create, a charge');
select * from pg_temp.refuses($$select * from pg_temp.begin_all('{1,5}',
    '{11,15}', '{demo_fr,demo_fr}', '{301,720}',
    array[sha256('33600000031'), sha256('33600000032')], '{401,402}')$$,
    'payment_begin, a subscriber');
select * from pg_temp.refuses($$select * from pg_temp.begin_all('{1,5}',
    '{11,15}', '{demo_fr,demo_fr}', '{301,302}',
    array[sha256('33600000031'), sha256('33600000032')], '{401,200}')$$,
    'payment_begin, a pseudonym');
select * from pg_temp.refuses('select * from pg_temp.finish(6, ''succeeded'','
    ' sms => 730)', 'payment_finish, a receipt by SMS');
select * from pg_temp.refuses('update payment set email = ''\xee'''
    ' where id = 6; select * from pg_temp.finish(6, ''succeeded'','
    ' mail => 730)', 'payment_finish, a receipt by mail');
select * from pg_temp.refuses($$select * from mo_take(740, 'kannel', 'k1',
    'stop', '38888', sha256('z'), '\xbb', '\xb0', null, 'demo_fr', 'fr', 741,
    null, false)$$, 'mo_take, a message');
select * from pg_temp.refuses($$select * from mo_take(742, 'kannel', 'k1',
    'stop', '38888', sha256('z'), '\xbb', '\xb0', null, 'demo_fr', 'fr', 730,
    null, false)$$, 'mo_take, its answer');
select * from pg_temp.refuses($$select * from pin_issue(5, null, null, 752,
    'demo_fr', null, sha256('z'), '\xbb', 730, 'fr', '\xb0', false, null,
    false)$$, 'pin_issue, its message');
select * from pg_temp.refuses('select * from pin_attempt(4, null, null, null,'
    ' 760, null, null, false)', 'pin_attempt, a guess');
select * from pg_temp.refuses($$select * from subscriber_import(1, false,
    'demo_fr', '{770,720}', '{771,772}',
    array[encode(sha256('z1'), 'hex'), encode(sha256('z2'), 'hex')],
    '{bb,bb}', '{900,900}')$$, 'subscriber_import, a subscriber');
select * from pg_temp.refuses($$select * from subscriber_import(1, false,
    'demo_fr', '{770,773}', '{771,200}',
    array[encode(sha256('z1'), 'hex'), encode(sha256('z2'), 'hex')],
    '{bb,bb}', '{900,900}')$$, 'subscriber_import, a pseudonym');

select count(*) from pg_temp.finish(6, 'succeeded') \gset ignore_
select * from pg_temp.refuses('select mail_add(6, 730, ''\xee'', ''fr'')',
                              'mail_add, its message');

-- what conflicts with a row of the same key is expected, and names the key

select is_empty($$select p.proname from pg_proc p
    where p.pronamespace = 'carrierpay'::regnamespace
      and p.prosrc ~* 'on\s+conflict\s+do'$$,
    'no function passes over whatever conflict there is');

select * from finish();
rollback;
