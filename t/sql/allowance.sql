-- What a merchant may charge without a page: what gives it, what counts of it,
-- and how it ends.

\ir lib/fixture.sql

select * from no_plan();

-- A page of merchant 1 is paid by a line, with later charges or without.
create function pg_temp.page(id bigint, number text, later bigint default null,
    outcome text default 'succeeded', amount bigint default 499)
returns void
language plpgsql
as $$
begin
    insert into op (id, key, amount, later_max)
    values ($1, 'page ' || $1, $5, $3);

    if (select c.result from pg_temp.create_ops() c) <> 'pending'
       or pg_temp.begin_one($1, $1 + 100000, $2) <> 'processing' then
        raise exception 'the page was not paid';
    end if;

    perform pg_temp.finish($1, $4, 'declined');
end
$$;

create function pg_temp.known(number text, merchant int default 1)
returns bigint
language sql
as $$
select n.id from pseudonym n join subscriber s on s.id = n.subscriber_id
 where s.msisdn_index = sha256($1::bytea) and not s.live
   and n.merchant_id = $2;
$$;

-- A charge without a page; the result, and what it leaves of the month.
create function pg_temp.later(id bigint, number text, amount bigint,
    currency text default 'EUR', merchant int default 1)
returns text
language plpgsql
as $$
declare
    v_result text;
begin
    insert into op (id, key, pseudonym, amount, currency, merchant)
    values ($1, 'later ' || $1, pg_temp.known($2, $5), $3, $4, $5);
    select c.result into v_result from pg_temp.create_ops() c;

    return v_result || ' ' || coalesce((
        select s.month_total from spend s
         where s.msisdn_index = sha256($2::bytea) and not s.live and s.unasked
           and s.merchant_id = $5), 0);
end
$$;

create function pg_temp.allowance(number text) returns text
language sql
as $$
select concat_ws(' ', n.consent_id, n.later_max, n.currency) from pseudonym n
 where n.id = pg_temp.known($1);
$$;

create function pg_temp.block(number text, merchant int default null)
returns bool
language sql
as $$
select block_add(encode(sha256($1::bytea), 'hex'), $2, 'test');
$$;

create function pg_temp.unblock(number text, merchant int default null)
returns bool
language sql
as $$
select block_remove(encode(sha256($1::bytea), 'hex'), $2);
$$;

-- once

select pg_temp.page(1, 'once');
select is(pg_temp.allowance('once'), '100001',
          'a payment makes a subscriber, and allows no more');
select results_eq($$select later_max, currency from consent
    where id = 100001$$, 'values (null::bigint, null::text)',
    'as its consent says');
select results_eq(format($$select result, payment_id, agreed, msisdn
    from payment_create('{2}', '{1}', '{f}', '{%1$s}', '{%1$s}', '{499}',
         '{EUR}', '{Coins}', '{null}', '{null}', '{null}',
         array[pg_temp.known('once')], '{0}', '{null}', '{null}')$$, md5('a')),
    $$values ('consent_required', 2::bigint, 1::bigint, null::bytea)$$,
    'a charge without a page is refused, and says by which payment');
select is(count(*)::int, 0, 'and leaves no payment') from payment
 where id = 2;
select is(count(*)::int, 0, 'nor uses its key up') from idem
 where payment_id = 2;
select is(pg_temp.later(2, 'once', 20), 'consent_required 0',
          'of any amount');

-- later charges, to the cent

select pg_temp.page(10, 'monthly', 900);
select is(pg_temp.allowance('monthly'), '100010 900 EUR',
          'a payment allows later charges');
select results_eq($$select later_max, currency from consent
    where id = 100010$$, $$values (900::bigint, 'EUR')$$,
    'as its consent says');
select is(pg_temp.later(11, 'monthly', 901), 'consent_exceeded 0',
          'of no more, and the payment that gave it does not count');
select is(pg_temp.later(12, 'monthly', 400), 'processing 400', 'of a part');
select is(consent_id, 100010::bigint, 'by that consent') from payment
 where id = 12;
select is(pg_temp.later(13, 'monthly', 501), 'consent_exceeded 400',
          'what is in flight counts');
select results_eq('select state::text, consent_id, spend_day, failure_code'
    ' from payment where id = 13',
    $$values ('r', null::bigint, null::date, 'consent_exceeded')$$,
    'one that is too much is an intent that fails');
select is(result, 'applied', 'it fails')
  from pg_temp.finish(13, 'failed', 'consent_exceeded');
select pg_temp.finish(12, 'unknown') \gset ignore_
select is(pg_temp.later(14, 'monthly', 501), 'consent_exceeded 400',
          'what is unknown counts');
select pg_temp.finish(12, 'failed', 'generic_decline') \gset ignore_
select is(pg_temp.later(15, 'monthly', 900), 'processing 900',
          'what has failed does not');
select pg_temp.finish(15, 'succeeded') \gset ignore_
select is(pg_temp.later(16, 'monthly', 20), 'consent_exceeded 900',
          'what has succeeded does');
select pg_temp.page(17, 'monthly');
select is(pg_temp.allowance('monthly'), '100010 900 EUR',
          'a payment that asks for nothing takes nothing away');
select is(pg_temp.later(18, 'monthly', 20), 'consent_exceeded 900',
          'nor does it count');
select pg_temp.page(19, 'monthly', 1000, 'failed');
select is(pg_temp.allowance('monthly'), '100010 900 EUR',
          'one that has failed gives nothing');
select results_eq('select month_total from spend where msisdn_index ='
    ' sha256(''monthly'') and not live order by merchant_id, unasked',
    'values (1898::bigint), (900)', 'the line counts everything');
select pg_temp.page(20, 'monthly', 1000);
select is(pg_temp.later(21, 'monthly', 101), 'consent_exceeded 900',
          'the newest consent holds');
select is(pg_temp.later(22, 'monthly', 100), 'processing 1000', 'exactly');
insert into op (id, key, pseudonym, amount)
select i, 'batch ' || i, pg_temp.known('monthly'), 20
  from generate_series(23, 24) i;
select pg_temp.finish(22, 'failed', 'generic_decline') \gset ignore_
insert into op (id, key, pseudonym, amount)
select i, 'batch ' || i, pg_temp.known('monthly'), 30
  from generate_series(25, 27) i;
select is(array_agg(result order by ord),
          '{processing,processing,processing,processing,consent_exceeded}',
          'five of a batch take turns') from pg_temp.create_ops();

-- a new month of the operator

select spend_configure('[{"operator":"demo_fr","apart":false,
    "time_zone":"Europe/Paris"}]', now_ms());
update spend set day = (date_trunc('month', now() at time zone 'Europe/Paris')
                        - interval '1 day')::date
 where msisdn_index = sha256('monthly');
select is(pg_temp.later(30, 'monthly', 1000), 'processing 1000',
          'another month');

-- an older consent, whose outcome comes late

select pg_temp.page(40, 'late', 5000, 'unknown');
select pg_temp.page(41, 'late', 600);
select pg_temp.finish(40, 'succeeded') \gset ignore_
select is(pg_temp.allowance('late'), '100041 600 EUR',
          'an older consent does not come after a newer one');

-- attempts: the line that pays gives it, and no other one

create function pg_temp.try(payment bigint, attempt bigint, number text)
returns text
language sql
as $$
select result from pg_temp.begin_all(array[$1], array[$2], '{demo_fr}',
    array[$2 + 500000], array[sha256($3::bytea)], array[$2 + 600000]);
$$;

insert into op (id, key, later_max) values (45, 'page 45', 400);
select count(*) from pg_temp.create_ops() \gset ignore_
select total_set(1, 'EUR', false, null, 10000) \gset ignore_
select id_first(now_ms()) as id \gset
select pg_temp.try(45, :id, 'declined') \gset ignore_
select pg_temp.finish(45, 'failed', 'declined') \gset ignore_
select ok(pg_temp.block('declined', 1), 'a line that was declined blocks');
select is(pg_temp.try(45, :id + 1, 'declined'), 'blocked_by_subscriber',
          'and may not try again');
select is(pg_temp.try(45, :id + 2, 'paid'), 'processing', 'another one may');
select is((select s.sold from total_state() s), 499::bigint,
          'one attempt counts in the totals');
select pg_temp.finish(45, 'succeeded') \gset ignore_
select is(pg_temp.allowance('paid'), concat_ws(' ', :id + 2, 400, 'EUR'),
          'and gives what its own consent allows');
select is(result, 'conflict', 'the first was charged after all')
  from payment_finish('{45}', '{succeeded}', '{null}', '{late}', '{null}',
                      '{null}', array[:id]);
select is(pg_temp.allowance('declined'), '', 'which gives nothing');
select is(pg_temp.later(46, 'declined', 20), 'subscriber_unknown 0',
          'and makes no subscriber');
select results_eq('select s.month_total from spend s where not s.live'
    ' and s.msisdn_index in (sha256(''declined''), sha256(''paid''))'
    ' order by 1',
    'values (0::bigint), (499)', 'the line that has paid has spent it');
select is((select s.sold from total_state() s), 499::bigint,
          'and it counts once');
select total_set(1, 'EUR', false, null, null) \gset ignore_

-- a block

select ok(pg_temp.block('late', 1), 'a line blocks');
select is(pg_temp.later(50, 'late', 20), 'blocked_by_subscriber 0',
          'and nothing is charged');
select ok(pg_temp.unblock('late', 1), 'it blocks no more');
select is(pg_temp.allowance('late'), '100041', 'and allows nothing any more');
select is(pg_temp.later(51, 'late', 20), 'consent_required 0',
          'without a page');
select pg_sleep(0.002);
select pg_temp.page(52, 'late', 700);
select is(pg_temp.later(53, 'late', 700), 'processing 700',
          'until it agrees again');
insert into op (id, key, later_max) values (54, 'page 54', 800);
select count(*) from pg_temp.create_ops() \gset ignore_
select is(pg_temp.begin_one(54, 100054, 'late'), 'processing',
          'a page that is being paid');
select ok(pg_temp.block('late') and pg_temp.unblock('late'),
          'when all are blocked, and no more');
select pg_temp.finish(54, 'succeeded') \gset ignore_
select is(pg_temp.allowance('late'), '100052', 'allows nothing');
select ok(not pg_temp.unblock('late'), 'there is no block to be removed');

select pg_temp.page(60, 'two', 500);
select ok(pg_temp.block('two', 2) and pg_temp.unblock('two', 2),
          'another merchant is blocked, and no more');
select is(pg_temp.later(61, 'two', 500), 'processing 500',
          'which ends nothing here');

-- a block of test mode ends nothing that is live

insert into op (id, key, live, later_max) values (65, 'page 65', true, 500);
select count(*) from pg_temp.create_ops() \gset ignore_
select count(*) from pg_temp.begin_all('{65}', '{100065}', '{net_fr}', '{365}',
    array[sha256('two')], '{465}') \gset ignore_
select pg_temp.finish(65, 'succeeded') \gset ignore_
select ok(block_add(encode(sha256('two'), 'hex'), 1, 'test', false)
          and pg_temp.unblock('two', 1), 'a block of test mode, and its end');
select results_eq('select n.live, n.later_max from pseudonym n join subscriber'
    ' s on s.id = n.subscriber_id where s.msisdn_index = sha256(''two'')'
    ' order by 1', 'values (false, null::bigint), (true, 500)',
    'ends what was allowed there');

-- another currency, another merchant, another holder

select pg_temp.page(70, 'other', 500);
select is(pg_temp.later(71, 'other', 20, 'XAF'), 'currency_mismatch 0',
          'a currency that the operator does not charge');
update pseudonym set currency = 'XAF' where id = pg_temp.known('other');
select is(pg_temp.later(72, 'other', 20), 'consent_required 0',
          'a currency that was not agreed to');
update pseudonym set currency = 'EUR' where id = pg_temp.known('other');
insert into pseudonym (id, merchant_id, subscriber_id, live, known_since,
                       consent_id)
select 999, 2, s.id, false, 0, 1 from subscriber s
 where s.msisdn_index = sha256('other') and not s.live;
select is(pg_temp.later(73, 'other', 20, merchant => 2),
          'consent_required 0', 'another merchant');
update subscriber set msisdn = null where msisdn_index = sha256('other');
insert into op (id, key) values (74, 'page 74');
select count(*) from pg_temp.create_ops() \gset ignore_
select is(pg_temp.begin_one(74, 100074, 'other'), 'processing',
          'another holder of the number');
select is(pg_temp.later(75, 'other', 20), 'subscriber_unknown 0',
          'has allowed nothing');

-- what was allowed under the lock counts, not what was before

select pg_temp.page(80, 'lock', 500);
select is(((spend_reserve('{1}', array[sha256('lock')], '{f}', '{demo_fr}',
               '{1}', '{EUR}', '{500}', array[pg_temp.known('lock')],
               spend_caps('{demo_fr}', now_ms()), true)).reason)[1], null,
          'a charge within it');
update pseudonym set later_max = null, currency = null
 where id = pg_temp.known('lock');
select is(((spend_reserve('{1}', array[sha256('lock')], '{f}', '{demo_fr}',
               '{1}', '{EUR}', '{1}', array[pg_temp.known('lock')],
               spend_caps('{demo_fr}', now_ms()), true)).reason)[1],
          'consent_required', 'one that has ended since');

-- two steps

insert into op (id, key, later_max, manual) values (90, 'page 90', 300, true);
select count(*) from pg_temp.create_ops() \gset ignore_
select is(pg_temp.begin_one(90, 100090, 'hold'), 'processing', 'reserved');
select pg_temp.finish(90, 'reserved') \gset ignore_
select is(pg_temp.later(91, 'hold', 20), 'subscriber_unknown 0',
          'a reservation gives nothing');
select count(*) from payment_capture(1, false, 90, null, 90900) \gset ignore_
select pg_temp.finish(90, 'succeeded') \gset ignore_
select is(pg_temp.allowance('hold'), '100090 300 EUR', 'its capture does');
insert into op (id, key, pseudonym, amount, manual)
values (92, 'later 92', pg_temp.known('hold'), 300, true);
select is(result, 'processing', 'a later one is reserved')
  from pg_temp.create_ops();
select pg_temp.finish(92, 'reserved') \gset ignore_
select is(pg_temp.later(93, 'hold', 20), 'consent_exceeded 300', 'and counts');
select count(*) from payment_release(1, false, 92, 92900) \gset ignore_
select pg_temp.finish(92, 'voided') \gset ignore_
select is(pg_temp.later(94, 'hold', 300), 'processing 300',
          'until it is released');

-- the question beforehand

create function pg_temp.may(number text, amount bigint,
    currency text default 'EUR')
returns text
language sql
as $$
select later_charge
  from subscriber_get(1, false, pg_temp.known($1), $2, $3);
$$;
select is(pg_temp.may('once', 1), 'consent_required', 'never agreed');
select is(pg_temp.may('two', 1), 'consent_required', 'ended');
select is(pg_temp.may('hold', 1), 'consent_exceeded', 'used up');
select pg_temp.finish(94, 'failed', 'generic_decline') \gset ignore_
select is(pg_temp.may('hold', 300), 'allowed', 'there is room again');
select is(pg_temp.may('hold', 301), 'consent_exceeded', 'but no more');
select is(pg_temp.may('hold', 1, 'XAF'), 'consent_required',
          'in another currency');
select is(pg_temp.may('monthly', 1), 'consent_exceeded', 'this month');
update spend set day = (day - interval '2 months')::date
 where msisdn_index = sha256('monthly');
select is(pg_temp.may('monthly', 1000), 'allowed', 'another month');

-- what may not be

select throws_ok(s, '23514', null, 'refused: ' || s)
  from unnest(array[
       'update pseudonym set later_max = 5, currency = null',
       'update pseudonym set known_since = null, consent_id = null'
           ' where later_max > 0',
       'update pseudonym set later_max = 0 where later_max > 0']) s;

select * from finish();
rollback;
