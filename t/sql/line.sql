-- Lines of other cells: what is counted for their payments is counted once,
-- held while an attempt may begin, and taken back once.

\ir lib/fixture.sql

select * from no_plan();

-- This database is cell 0 of 2; of numbers, the even lie here.

alter table cell disable trigger cell_refuse;
update cell set number = 0, cells = 2, lines = 2;
alter table cell enable always trigger cell_refuse;

create function pg_temp.number_of(elsewhere bool) returns bytea
language sql
as $$
select sha256(n::text::bytea) from generate_series(1, 100) n
 where line_elsewhere(sha256(n::text::bytea)) = elsewhere limit 1;
$$;

create function pg_temp.fresh(n int) returns bigint
language sql
as $$
select id_first(now_ms()) | (7 << 12) | (n << 5) | 1;
$$;

create function pg_temp.reserve(payment bigint, attempt bigint,
    amount bigint default 499) returns table (result text, until bigint)
language sql
as $$
select r.result, r.until
  from line_reserve(array[payment], array[attempt], '{1}', '{false}',
      '{demo_fr}', '{null}', '{EUR}', array[amount],
      array[pg_temp.number_of(false)], '{"\\xaa"}', array[3200::bigint],
      array[6400::bigint], '{null}', '{null}') r;
$$;

create function pg_temp.spent() returns bigint
language sql
as $$
select coalesce((select s.month_total from spend s
                  where s.msisdn_index = pg_temp.number_of(false)
                    and s.merchant_id = 0), 0);
$$;

create function pg_temp.ended(attempt bigint, begun bool) returns int
language sql
as $$
select count(*)::int from line_hold_end(array[attempt], array[attempt],
                                        array[begun]);
$$;

create function pg_temp.begun(attempt bigint, until bigint) returns bool
language sql
as $$
select b.begun from payment_begun(array[attempt], array[until]) b;
$$;

-- held, counted, and not twice

select pg_temp.fresh(1) as one, pg_temp.fresh(2) as two,
       pg_temp.fresh(3) as three \gset
select is(result, 'held', 'the line counts for a payment of another cell')
  from pg_temp.reserve(:one, :one);
select is(pg_temp.spent(), 499::bigint, 'its amount');
select is(result, 'held', 'sent again') from pg_temp.reserve(:one, :one);
select is(pg_temp.spent(), 499::bigint, 'it is not counted again');
select is(result, 'held', 'another attempt') from pg_temp.reserve(:two, :two);
select is(pg_temp.spent(), 998::bigint, 'counts, too');
select is(result, 'busy', 'an attempt of a minute ago is not held')
  from pg_temp.reserve(:one, id_first(now_ms() - 60000) | 1);
select is(pg_temp.spent(), 998::bigint, 'and not counted');

-- holds end

select is(pg_temp.ended(:one, true), 1, 'it has begun: the hold goes');
select is(pg_temp.spent(), 998::bigint, 'and the amount stays');
select is(pg_temp.ended(:two, false), 1, 'it has not begun');
select is(pg_temp.spent(), 499::bigint, 'the amount is taken back');
select is(pg_temp.ended(:two, false), 1, 'it is told again');
select is(pg_temp.spent(), 499::bigint, 'and taken back once');
select is((select count(*)::int from line_hold), 0, 'there is no hold more');

-- has it begun? only when it cannot begin any more

select ok(not pg_temp.begun(:three, now_ms()), 'an attempt that has not');
select is(pg_temp.begun(:three, now_ms() + 5000), null,
          'one that may still begin');
insert into consent (id, payment_id, at, merchant_id, method)
values (:three, 1, now_ms(), 1, 'header');
select ok(pg_temp.begun(:three, now_ms()), 'one that has, with a page');

-- what is owed is settled once

create function pg_temp.settle(due bigint[], kind text, attempt bigint,
    amount bigint default null, pseudonym bigint default null,
    consent bigint default null)
returns int
language sql
as $$
select count(*)::int
  from line_settle(due,
      array(select id_first((extract(epoch from now()) * 1000)::bigint)
              from unnest(due)),
      array(select attempt from unnest(due)),
      array(select kind from unnest(due)),
      array(select pg_temp.number_of(false) from unnest(due)),
      array(select 1 from unnest(due)), array(select false from unnest(due)),
      array(select pseudonym from unnest(due)),
      array(select consent from unnest(due)),
      array(select amount from unnest(due)),
      array(select 'EUR' from unnest(due)),
      array(select s.day - '1970-01-01'::date from unnest(due), spend s
             where s.msisdn_index = pg_temp.number_of(false)
               and s.merchant_id = 0 and not s.unasked),
      array(select false from unnest(due)));
$$;

select is(pg_temp.settle('{1}', 'r', 5, 99), 1, 'an amount is taken back');
select is(pg_temp.spent(), 400::bigint, 'from what was spent');
select is(pg_temp.settle('{1}', 'r', 5, 99), 1, 'carried over again');
select is(pg_temp.spent(), 400::bigint, 'it is not taken back again');
select is(pg_temp.settle('{2,3,3}', 'r', 5, 50), 3, 'two others, one twice');
select is(pg_temp.spent(), 300::bigint, 'are');

-- the refund of a payment that is older than what is kept of them

select format('alter table line_settled detach partition %s', p.partition),
       format('alter table line_settled attach partition %s for values'
              ' from (%s) to (%s)', p.partition,
              id_first(now_ms() - 200 * 86400000::bigint), p.high)
  from partition p where p.name = 'line_settled' and p.low is null \gexec
select lives_ok($$
    select line_settle('{5,6}',
               array[id_first(now_ms() - 300 * 86400000::bigint),
                     id_first(now_ms())], '{5,5}', '{r,r}',
               array[pg_temp.number_of(false), pg_temp.number_of(false)],
               '{1,1}', '{f,f}', '{null,null}', '{null,null}', '{100,1}',
               '{EUR,EUR}', array[s.day - 300, s.day], '{f,f}')
      from (select day - '1970-01-01'::date as day from spend
             where msisdn_index = pg_temp.number_of(false)
               and merchant_id = 0 and not unasked) s$$,
    'what is owed for an old payment is settled, beside others');
select is(pg_temp.spent(), 299::bigint, 'which count');

-- nor is one that cannot be counted forgotten

create function pg_temp.elsewhere() returns trigger
language plpgsql
as 'begin return null; end';

create trigger elsewhere before update on spend
    for each row execute function pg_temp.elsewhere();
select throws_ok('select pg_temp.settle(array[7], $$r$$, 5, 50)', 'P0001',
                 null, 'what cannot be taken back stays owed');
drop trigger elsewhere on spend;

-- a merchant knows the subscriber, and may charge later

create function pg_temp.known() returns text
language sql
as $$
select concat_ws(' ', case when n.known_since is null then 'unknown'
                           else 'known' end, n.consent_id, n.later_max,
                 n.currency)
  from pseudonym n where n.id = 6400;
$$;

create function pg_temp.later(amount bigint, subscriber bigint default 6400)
returns text
language sql
as $$
select concat_ws(' ', r.result, r.later_max, r.later_currency)
  from line_reserve(array[pg_temp.fresh(9)], array[pg_temp.fresh(9)], '{1}',
      '{false}', '{null}', '{null}', '{EUR}', array[amount], '{null}',
      '{null}', '{null}', '{null}', array[subscriber], '{null}') r;
$$;

select is(pg_temp.known(), 'unknown', 'a line that has not paid');
select is(pg_temp.later(50), 'subscriber_unknown', 'is not charged');
select pg_temp.settle('{11}', 'k', 5, null, 6400, :one) \gset ignore_
select is(pg_temp.known(), 'known ' || :one, 'by its first success');
select is(pg_temp.later(50), 'consent_required', 'whose page allows nothing');
select pg_temp.settle('{12}', 'k', 5, 700, 6400, :two) \gset ignore_
select is(pg_temp.known(), 'known ' || :two || ' 700 EUR',
          'by a page that allows it');
select pg_temp.settle('{13}', 'k', 5, 900, 6400, :one) \gset ignore_
select is(pg_temp.known(), 'known ' || :two || ' 700 EUR',
          'an older consent that comes later changes nothing');
select is(pg_temp.later(700), 'held 700 EUR', 'it is charged as far');
select is((select s.month_total from spend s
            where s.msisdn_index = pg_temp.number_of(false) and s.unasked),
          700::bigint, 'and that is counted by itself');
delete from line_hold where attempt = payment_id;
select is(pg_temp.later(1), 'consent_exceeded 700 EUR', 'no further');
update pseudonym set later_max = null, currency = null,
       renewed = now_ms() + 10 where id = 6400;
select pg_temp.settle('{14}', 'k', 5, 900, 6400, :three) \gset ignore_
select is(pg_temp.known(), 'known ' || :two,
          'a consent from before the end of a block allows nothing');

-- messages to the line

create function pg_temp.sender() returns text
language sql
as $$
select concat_ws(' ', l.message_id, l.before_id, l.elsewhere)
  from last_sender l where l.recipient_index = pg_temp.number_of(false);
$$;

select pg_temp.settle('{21}', 's', 70) + pg_temp.settle('{22}', 's', 80)
    + pg_temp.settle('{21}', 's', 70) as ignore_ \gset
select is(pg_temp.sender(), '80 70 t', 'messages of another cell');
select pg_temp.settle('{23}', 'u', 80) \gset ignore_
select is(pg_temp.sender(), '70 t', 'one that has not reached the phone');
select pg_temp.settle('{24}', 'u', 70) \gset ignore_
select is(pg_temp.sender(), null, 'nor has the other');

-- a copy of a line of another cell

create function pg_temp.copy(max bigint, sealed bytea default '\xaa')
returns text
language sql
as $$
select count(*) from line_copy('{1}', '{false}', '{demo_fr}', '{null}',
    array[pg_temp.number_of(true)], array[sealed], '{3201}', '{6401}', '{1}',
    array[max], array[case when max > 0 then 'EUR' end]);
select concat_ws(' ', s.msisdn, n.consent_id, n.later_max, n.currency)
  from pseudonym n join subscriber s on s.id = n.subscriber_id
 where n.id = 6401;
$$;

select is(pg_temp.copy(900), '\xaa 1 900 EUR', 'a copy');
select is(pg_temp.copy(800), '\xaa 1 800 EUR', 'follows its line');
select is(pg_temp.copy(null), '\xaa 1', 'also when nothing is allowed more');
update subscriber set msisdn = null where id = 3201;
update pseudonym set known_since = 5 where id = 6401;
select is(pg_temp.copy(700, '\xbb'), '\xbb 1 700 EUR', 'and another holder');
select ok(known_since > 5, 'whom merchants do not know from before')
  from pseudonym where id = 6401;

-- totals of several cells

create function pg_temp.sent() returns text
language sql
as $$
select string_agg(c.cell || ' ' || c.parts, ',')
  from total_claim(32, 5000, 1) c;
$$;

create function pg_temp.sold() returns bigint
language sql
as $$
select s.sold from total_state() s where s.scope = 'operator';
$$;

select is(pg_temp.sent(), null, 'without totals nothing is sent');
insert into total_limit (scope, name, currency, live, max_day, since)
values ('o', 'demo_fr', 'EUR', false, 1000, 0),
       ('m', '1', 'EUR', false, 1000, 0);
select total_add('{o,m}', '{demo_fr,1}', '{EUR,EUR}', '{f,f}',
                 array[s.day, s.day], '{300,300}')
  from unnest(spend_caps('{demo_fr}', now_ms())) s;
delete from total_sent;
select pg_temp.sent() as sent \gset
select ok(:'sent' like '1 [%"demo_fr"%300%', 'an operator''s is sent');
select ok(:'sent' not like '%"m"%', 'and no merchant''s');
select is(pg_temp.sent(), null, 'once in five seconds');
select ok(total_receive(1, substr(:'sent', 3)), 'one of another cell comes');
select is(pg_temp.sold(), 600::bigint, 'and counts');
select ok(total_receive(1, substr(:'sent', 3)), 'it comes again');
select is(pg_temp.sold(), 600::bigint, 'and counts once');
select is((select count(*)::int from total where session < 0), 2,
          'a part of the day, and one of the month');
delete from total_sent;
select is(pg_temp.sent(), :'sent', 'what came is not sent on');

-- a line of another cell is never counted here

select throws_ok($$
    select spend_hold('{1}', array[pg_temp.number_of(true)], '{f}', true)$$,
    'P0001', null, 'a line of another cell has no row here');

select * from finish();
rollback;
