-- The split of gross amounts, against a formula of its own in numeric: many
-- random amounts and terms, as functions and as what is posted.

\ir lib/fixture.sql

select * from plan(14);

select setseed(0.271828);

-- halves are rounded away from zero by numeric's round(), as ours are up

create function pg_temp.legs(gross numeric, vat numeric, share numeric,
    fee numeric, fixed numeric, out tax numeric, out operator numeric,
    out platform numeric, out merchant numeric)
language plpgsql
as $$
begin
    tax := round(gross * vat / (10000 + vat));
    operator := round((gross - tax) * share / 10000);
    platform := round(gross * fee / 10000) + fixed;
    merchant := gross - tax - operator - platform;
end
$$;

create temp table terms as
select i,
       floor(10 ^ (random() * 12))::bigint as gross,
       (array[0, 550, 1925, 2000, 10000, floor(random() * 10001)])
           [1 + floor(random() * 6)]::int as vat,
       (array[0, 3000, 9999, 10000, floor(random() * 10001)])
           [1 + floor(random() * 5)]::int as share,
       (array[0, 1, 500, 10000, floor(random() * 10001)])
           [1 + floor(random() * 5)]::int as fee,
       (array[0, 1, 10, floor(random() * 1000)])
           [1 + floor(random() * 4)]::bigint as fixed
  from generate_series(1, 50000) i;

-- exact halves and both ends
insert into terms
select 100000 + row_number() over (), g, v, s, f, x
  from unnest(array[1, 2, 3, 5, 7, 499, 999999999999, 1000000000000]) g,
       unnest(array[0, 1, 5000, 10000]) v, unnest(array[0, 5000, 10000]) s,
       unnest(array[0, 5000, 10000]) f, unnest(array[0, 1]) x;

create temp table compared as
select t.*, l.*, split_vat(gross, vat) as vat_is,
       split_share(gross, vat, share) as share_is,
       split_fee(gross, fee, fixed) as fee_is,
       split_payable(gross, vat, share, fee, fixed) as payable_is
  from terms t
 cross join lateral pg_temp.legs(gross, vat, share, fee, fixed) l;

select is_empty('select * from compared where vat_is <> tax', 'VAT');
select is_empty('select * from compared where share_is <> operator',
                'the operator''s share');
select is_empty('select * from compared where fee_is <> platform', 'our fee');
select is_empty('select * from compared where payable_is <> merchant',
                'the rest');
select is_empty('select * from compared where vat_is < 0 or share_is < 0'
                ' or fee_is < 0 or vat_is + share_is > gross',
                'no part is negative, VAT and share fit into the amount');
select cmp_ok(count(*)::int, '>', 1000, 'some amounts are too small')
  from compared where merchant < 0;
select cmp_ok(count(*)::int, '>', 1000, 'halves came up')
  from compared where mod(gross * fee, 10000) = 5000
    or mod(2 * (gross - tax) * share, 10000) = 0;

-- the same as posted: a contract a payment, through create and finish

insert into merchant (id, name) select 1000 + i, 'Shop ' || i
                                  from generate_series(1, 300) i;
create temp table paid as
select row_number() over () as n, c.*
  from (select * from compared
         where merchant >= 0
           and split_payable(split_limit(), vat, share, fee, fixed) > 0
         order by random() limit 300) c;

-- a country a VAT rate, with an operator and a line
create temp table land as
select n, vat, chr(65 + n / 26) || chr(65 + n % 26) as code
  from (select 260 + row_number() over (order by vat)::int as n, vat
          from (select distinct vat from paid) v) v;
insert into vat_rate (country, category, valid_from, bp)
select code, 'd', 0, vat from land;
insert into operator (code, name, country, currency, sandbox)
select 'land_' || n, 'Land', code, 'EUR', true from land;
insert into subscriber (id, msisdn_index, live, msisdn, operator)
select n, sha256(code::bytea), false, '\xaa', 'land_' || n from land;

do $$
begin
    perform contract_add(1000 + p.n::int, 'land_' || l.n, 0, null, p.share,
                         p.fee, p.fixed)
       from paid p join land l using (vat) order by p.n;
end
$$;
insert into pseudonym (id, merchant_id, subscriber_id, live, known_since,
                       consent_id, later_max, currency)
select 5000 + p.n, 1000 + p.n, l.n, false, 0, p.n, split_limit(), 'EUR'
  from paid p join land l using (vat);

insert into op (id, key, merchant, amount, pseudonym)
select 20000 + n, 'split ' || n, 1000 + n, gross, 5000 + n from paid
 order by n;
select is(count(*)::int, 300, 'all may be charged')
  from pg_temp.create_ops() where result = 'processing';
select is(count(*)::int, 300, 'all are charged') from pg_temp.finish_all(
    array(select 20000 + n from paid order by n),
    array(select 'succeeded' from paid),
    array(select null::text from paid), array(select null::text from paid))
 where result = 'applied';

create temp table posted as
select payment_id - 20000 as n,
       coalesce(sum(amount) filter (where account ~ 'receivable$'), 0)
           as debit,
       coalesce(-sum(amount) filter (where account ~ 'share$'), 0) as operator,
       coalesce(-sum(amount) filter (where account ~ 'tax:..$'), 0) as tax,
       coalesce(-sum(amount) filter (where account ~ 'revenue$'), 0)
           as platform,
       coalesce(-sum(amount) filter (where account ~ 'payable$'), 0)
           as merchant,
       count(*) as legs, count(*) filter (where amount = 0) as zeros,
       count(distinct account_id) as accounts
  from entry where payment_id between 20001 and 20300 group by payment_id;

select results_eq('select n, debit, tax, operator, platform, merchant'
    ' from posted order by n',
    'select n, gross::numeric, tax, operator, platform, merchant from paid'
    ' order by n', 'every leg as computed');
select is_empty('select * from posted where zeros > 0 or legs <> accounts'
                ' or legs < 2', 'no leg of zero, no account twice');
select cmp_ok(count(distinct legs)::int, '>', 2,
              'journals of several lengths came up') from posted;

-- what is too small is refused, one more is not

do $$
begin
    perform contract_add(2, 'demo_fr', 0, null, 3000, 500, 10);
end
$$;
insert into op (id, key, merchant, amount, pseudonym)
select 30000 + g, 'least ' || g, 2, g, 204 from generate_series(1, 60) g;
select results_eq('select result from pg_temp.create_ops()',
    'select case when merchant < 0 then ''amount_not_allowed'''
    ' else ''processing'' end from generate_series(1, 60) g,'
    ' lateral pg_temp.legs(g, 2000, 3000, 500, 10)',
    'refused as far as nothing would be left');

-- at begin, too, when another operator can charge it

do $$
begin
    perform contract_add(2, 'land_261', 0, null, 0, 0, 0);
end
$$;
insert into op (id, key, merchant, amount)
select 31000 + g, 'later ' || g, 2, g from generate_series(1, 60) g;
select count(*) from pg_temp.create_ops() \gset ignore_
select results_eq('select result from pg_temp.begin_all('
    ' array(select 31000::bigint + g from generate_series(1, 60) g),'
    ' array(select 32000::bigint + g from generate_series(1, 60) g),'
    ' array(select ''demo_fr'' from generate_series(1, 60)),'
    ' array(select 33000::bigint + g from generate_series(1, 60) g),'
    ' array(select sha256(''336'') from generate_series(1, 60)),'
    ' array(select 34000::bigint + g from generate_series(1, 60) g))',
    'select case when merchant < 0 then ''amount_not_allowed'''
    ' else ''processing'' end from generate_series(1, 60) g,'
    ' lateral pg_temp.legs(g, 2000, 3000, 500, 10)',
    'at begin, too');

select * from finish();
rollback;
