-- What every file here starts with: a transaction that the file rolls back,
-- two merchants, sandbox and live operators, subscribers who have consented to
-- later charges of any amount, and short ways to call the functions that take
-- many arrays.

begin;

set local client_min_messages = warning;
create extension if not exists pgtap with schema public;
set local search_path = carrierpay, public, pg_temp;

-- as the service's role has it
set local plan_cache_mode = force_generic_plan;
set local jit = off;

insert into merchant (id, name, locale)
values (1, 'Shop', 'fr'), (2, 'Other shop', 'en');

insert into operator (code, name, country, currency, sandbox)
values ('demo_fr', 'Demo France', 'FR', 'EUR', true),
       ('demo_cm', 'Demo Cameroun', 'CM', 'XAF', true),
       ('net_fr', 'Net France', 'FR', 'EUR', false);

insert into vat_rate (country, category, valid_from, bp)
values ('FR', 'd', 0, 2000), ('CM', 'd', 0, 1925);

insert into endpoint (id, merchant_id, live, url, secret, enabled)
values (1, 1, false, 'http://127.0.0.1/a', '\x01', true),
       (2, 1, false, 'http://127.0.0.1/b', '\x02', true),
       (3, 1, false, 'http://127.0.0.1/c', '\x03', false),
       (4, 1, true, 'http://127.0.0.1/d', '\x04', true);

-- 20 % VAT, 30 % of the rest to the operator, 5 % and 0.10 to us
do $$
begin
    perform contract_add(1, 'demo_fr', 0, null, 3000, 500, 10);
    perform contract_add(1, 'net_fr', 0, null, 3000, 500, 10);
end
$$;

insert into subscriber (id, msisdn_index, live, msisdn, operator)
values (100, sha256('33600000001'), false, '\xaa01', 'demo_fr'),
       (101, sha256('33600000001'), true, '\xaa02', 'net_fr'),
       (102, sha256('237600000001'), false, '\xaa03', 'demo_cm'),
       (103, sha256('33600000003'), false, null, 'demo_fr');

insert into pseudonym (id, merchant_id, subscriber_id, live, known_since,
                       consent_id, later_max, currency)
select id, merchant, subscriber, live, 0, consent, 1000 * split_limit(),
       currency
  from (values (200, 1, 100, false, 90, 'EUR'), (201, 1, 101, true, 91, 'EUR'),
               (202, 1, 102, false, 92, 'XAF'),
               (203, 1, 103, false, 93, 'EUR'),
               (204, 2, 100, false, 94, 'EUR'))
       as n (id, merchant, subscriber, live, consent, currency);


-- Operations of payment_create, in the order of their insertion.
create temp table op (
    ord         int generated always as identity,
    id          bigint,
    key         text,
    request     text default 'request',
    merchant    int default 1,
    live        bool default false,
    amount      bigint default 499,
    currency    text default 'EUR',
    pseudonym   bigint,
    expires     bigint default now_ms() + 900000,
    locale      text,
    email       bytea,
    category    text,
    manual      bool default false,
    later_max   bigint
);

create function pg_temp.create_ops() returns table (ord int, result text,
    payment_id bigint, operator text, msisdn bytea)
language plpgsql
as $$
begin
    return query
    select r.ord, r.result, r.payment_id, r.operator, r.msisdn
      from (select array_agg(o order by o.ord) as o from op o) a
     cross join lateral payment_create(
           array(select id from unnest(a.o)),
           array(select merchant from unnest(a.o)),
           array(select live from unnest(a.o)),
           array(select md5(key)::uuid from unnest(a.o)),
           array(select md5(request)::uuid from unnest(a.o)),
           array(select amount from unnest(a.o)),
           array(select currency from unnest(a.o)),
           array(select 'Coins' from unnest(a.o)),
           array(select 'order-' || id from unnest(a.o)),
           array(select null::text from unnest(a.o)),
           array(select '{}' from unnest(a.o)),
           array(select pseudonym from unnest(a.o)),
           array(select expires from unnest(a.o)),
           array(select locale from unnest(a.o)),
           array(select email from unnest(a.o)), null,
           array(select category from unnest(a.o)),
           array(select manual from unnest(a.o)),
           array(select later_max from unnest(a.o))) r
     order by r.ord;
    delete from op;
end
$$;

-- Payments ready to be finished, charged to the first subscriber.
create function pg_temp.charge_of(ids bigint[], amount bigint default 499)
returns void
language plpgsql
as $$
begin
    insert into op (id, key, amount, pseudonym)
    select i, 'charge ' || i, $2, 200 from unnest(ids) i;

    if exists (select from pg_temp.create_ops() c
                where c.result <> 'processing') then
        raise exception 'not charged';
    end if;
end
$$;

-- What payments are at.
create function pg_temp.attempts(ids bigint[]) returns bigint[]
language plpgsql
set enable_seqscan = off
as $$
declare
    v_attempts bigint[];
begin
    for i in 1 .. cardinality(ids) loop
        v_attempts[i] := (select p.attempt from payment p
                           where p.id = ids[i]);
    end loop;

    return v_attempts;
end
$$;

create function pg_temp.finish(id bigint, outcome text,
    code text default null, sms bigint default null,
    mail bigint default null)
returns table (ord int, result text, state text, outcome_unknown bool,
    failure_code text, approval bool)
language sql
as $$
select * from payment_finish(array[$1], array[$2], array[$3],
                             array['reference']::text[], array[sms],
                             array[mail], pg_temp.attempts(array[$1]));
$$;

-- The same with as many as there are payments, and no receipts.
create function pg_temp.finish_all(ids bigint[], outcomes text[],
    codes text[], refs text[])
returns table (ord int, result text, state text, outcome_unknown bool,
    failure_code text, approval bool)
language sql
as $$
select * from payment_finish(ids, outcomes, codes, refs,
                             array_fill(null::bigint,
                                        array[cardinality(ids)]),
                             array_fill(null::bigint,
                                        array[cardinality(ids)]),
                             pg_temp.attempts(ids));
$$;

-- Begins of some payments by numbers in the clear, with nothing shown.
create function pg_temp.begin_all(ids bigint[], attempts bigint[],
    operators text[], subscribers bigint[], indexes bytea[],
    pseudonyms bigint[], mvnos text[] default null,
    tries bigint[] default null)
returns table (ord int, result text, state text, id bigint, operator text,
    pseudonym bigint, attempt bigint)
language sql
as $$
select b.ord, b.result, b.state, b.id, b.operator, b.pseudonym_id, b.attempt
  from payment_begin(ids, attempts, operators, subscribers, indexes,
       array(select '\xbb'::bytea from unnest(ids)), pseudonyms,
       array(select 'header_enrichment' from unnest(ids)),
       coalesce(mvnos, array(select null::text from unnest(ids))),
       array(select null::bigint from unnest(ids)),
       array(select null::text from unnest(ids)),
       array(select null::bytea from unnest(ids)),
       array(select null::text from unnest(ids)),
       array(select null::text from unnest(ids)),
       array(select null::text from unnest(ids)),
       coalesce(tries, array(select null::bigint from unnest(ids)))) b;
$$;

create function pg_temp.begin_one(payment bigint, attempt bigint,
    number text default '33600000009', try bigint default null)
returns text
language sql
as $$
select result
  from pg_temp.begin_all(array[$1], array[$2], array['demo_fr'],
       array[300 + $1], array[sha256(number::bytea)], array[400 + $1],
       tries => array[try]);
$$;

-- An instant, as the tables have it.
create function pg_temp.ms(at timestamptz) returns bigint
language sql
as $$
select (extract(epoch from at) * 1000)::bigint;
$$;

-- The journals of payments, as though they had been posted at that instant.
create function pg_temp.posted_at(ids bigint[], instant timestamptz)
returns void
language plpgsql
as $$
begin
    alter table journal disable trigger journal_refuse;
    update journal j set at = pg_temp.ms(instant)
     where j.payment_id = any (ids);
    alter table journal enable always trigger journal_refuse;
end
$$;

-- Counts everything again, up to an instant, or to the end of time.
create function pg_temp.counted(until bigint default 9000000000000)
returns void
language plpgsql
as $$
begin
    delete from balance_day;
    delete from turnover;
    update balance_mark set until = 0;
    perform balance_until($1);
end
$$;
