-- Settlements, against numbers computed by hand.

\ir lib/fixture.sql

select * from no_plan();

insert into merchant (id, name) values (5, 'Fifth');
insert into operator (code, name, country, currency, sandbox)
values ('demo_tn', 'Demo Tunisie', 'TN', 'TND', true);
insert into vat_rate (country, category, valid_from, bp)
values ('TN', 'd', 0, 1900);
insert into subscriber (id, msisdn_index, live, msisdn, operator)
values (104, sha256('21600000001'), false, '\xaa05', 'demo_tn');
insert into pseudonym (id, merchant_id, subscriber_id, live, known_since,
                       consent_id, later_max, currency)
values (220, 5, 100, false, 0, 1, 1000 * split_limit(), 'EUR'),
       (222, 5, 102, false, 0, 1, 1000 * split_limit(), 'XAF'),
       (224, 5, 104, false, 0, 1, 1000 * split_limit(), 'TND');

-- 30 %, 5 % and 0.10; from 100.00 a month on 25 %, 4 % and 0.05

select contract_add(5, 'demo_fr', 0, null, 3000, 500, 10,
                    '{"(10000,2500,400,5)"}') as contract \gset
select contract_add(5, 'demo_cm', 0, null, 2000, 300, 0) \gset ignore_
select contract_add(5, 'demo_tn', 0, null, 3000, 500, 10) \gset ignore_

create temp sequence sale start 500000;

-- Charges of some amounts, which succeed, posted at an instant.
create function pg_temp.sold(pseudonym bigint, currency text, at timestamptz,
    amounts bigint[])
returns bigint[]
language plpgsql
as $$
declare
    v_ids bigint[] := array(select nextval('pg_temp.sale')
                              from unnest(amounts));
begin
    insert into op (id, key, merchant, amount, currency, pseudonym)
    select v_ids[i], 'sold ' || v_ids[i], 5, amounts[i], $2, $1
      from generate_subscripts(amounts, 1) i;

    if exists (select from pg_temp.create_ops() c
                where c.result <> 'processing') then
        raise exception 'not charged';
    end if;

    perform pg_temp.finish_all(v_ids, array_fill('succeeded'::text,
                                   array[cardinality(v_ids)]),
        array_fill(null::text, array[cardinality(v_ids)]),
        array_fill(null::text, array[cardinality(v_ids)]));
    perform pg_temp.posted_at(v_ids, at);

    return v_ids;
end
$$;

-- A refund that was posted at an instant.
create function pg_temp.refunded(payment bigint, back bigint, at timestamptz)
returns void
language plpgsql
as $$
declare
    v_id bigint := nextval('pg_temp.sale');
begin
    perform refund_begin(v_id, 5, false, payment, back, null,
                         md5('back ' || v_id)::uuid, md5('')::uuid);
    perform refund_finish(v_id, 'succeeded', null, null, null, null);

    alter table journal disable trigger journal_refuse;
    update journal j set at = pg_temp.ms($3)
     where j.payment_id = payment and j.operation > 1
       and j.at > now_ms() - 60000;
    alter table journal enable always trigger journal_refuse;
end
$$;

-- The last posting, as though it had been posted at that instant.
create function pg_temp.reposted(instant timestamptz) returns void
language plpgsql
as $$
begin
    alter table posting disable trigger posting_refuse;
    update posting o set at = pg_temp.ms(instant)
     where o.id = (select max(id) from posting);
    alter table posting enable always trigger posting_refuse;
end
$$;

create function pg_temp.close(party int, day date) returns int
language plpgsql
as $$
begin
    perform pg_temp.counted();
    return settlement_close(party, day);
end
$$;

create temp view statement as
select p.id as party, s.number, l.line, settlement_kind_name(l.kind) as kind,
       coalesce(l.operator, l.name) as name, l.payments, l.gross, l.share,
       l.tax, l.fee, l.net
  from settlement s
  join settlement_party p on p.id = s.party_id
  join settlement_line l on l.settlement_id = s.id
 order by s.number, l.line;

-- terms

select throws_ok('select settlement_terms_add(' || terms || ')', sqlstate,
                 null, 'no terms: ' || terms)
  from (values ('5, null, false, ''EUR'', ''2026-03-01'', ''y'', ''UTC''',
                '23514'),
               ('5, null, false, ''EUR'', ''2026-03-01'', ''m'', ''Paris''',
                '23514'),
               ('5, null, false, ''EUR'', ''2026-03-01'', ''m'', ''UTC'', -1',
                '23514'),
               ('5, null, false, ''EUR'', ''2026-03-01'', ''m'', ''UTC'', 0,'
                ' 100, 0', '23514'),
               ('5, null, false, ''EUR'', ''2026-03-01'', ''m'', ''UTC'', 0,'
                ' 0, 0, ''{"(a,m,g,100)","(a,m,f,1)"}''', '23514'),
               ('5, null, false, ''EUR'', ''2026-03-01'', ''m'', ''UTC'', 0,'
                ' 0, 0, ''{"(a,x,g,100)"}''', '23514'),
               ('9, null, false, ''EUR'', ''2026-03-01'', ''m'', ''UTC''',
                '23503'),
               ('null, ''demo_fr'', false, ''EUR'', ''2026-03-01'', ''m'','
                ' ''UTC'', 5', '23514')) t (terms, sqlstate);

-- A month, in euros, with everything: at least 5.00 of fee, 2 % to a
-- distributor, of our fee 10 % to a partner, 10 % held back for 30 days.

select settlement_terms_add(5, null, false, 'EUR', '2026-03-01', 'm',
    'Europe/Paris', 500, 1000, 30, '{"(dist,m,g,200)","(partner,p,f,1000)"}')
    \gset ignore_
select settlement_party_id(5, null, false, 'EUR') as euro \gset

select throws_ok('select settlement_close(' || :euro || ', ''2026-03-01'')',
                 '55000', 'the period from 2026-03-01 to 2026-04-01 is not'
                 ' over', 'nothing is settled ahead of the balances');
select is_empty('select * from settlement_open()', 'no period is over');

-- 3 * 4.99 and 2 * 50.00; a charge of before the terms, one in the last
-- instant of the month in Paris, which began in winter and ended in summer
select pg_temp.sold(220, 'EUR', '2026-02-10Z', '{499}') \gset ignore_
select pg_temp.sold(220, 'EUR', '2026-03-10Z', '{499,499,5000}') as sold
    \gset
select pg_temp.sold(220, 'EUR', '2026-03-31 21:59:59.999Z', '{5000}')
    \gset ignore_
select pg_temp.refunded((:'sold'::bigint[])[1], 499, '2026-03-20Z')
    \gset ignore_

-- April, which has a late refund of 50.00
select pg_temp.sold(220, 'EUR', '2026-03-31 22:00Z', '{499}') \gset ignore_
select pg_temp.refunded((:'sold'::bigint[])[3], 5000, '2026-04-02Z')
    \gset ignore_

-- May
select pg_temp.sold(220, 'EUR', '2026-05-15Z', '{5000,5000}') \gset ignore_

-- What was sold in March is 2 * 4.99 and 2 * 50.00 less 4.99, 104.99, with
-- 17.49 of tax; 25 % of 87.50 are 21.88 (21.875), of 26.25 posted; 4 % are
-- 4.20 (4.1996), with 3 * 0.05 4.35, of 5.55 posted.  With February's 0.35 the
-- fee is 4.70, which lacks 0.30.  The distributor has 2 % of 109.98, 2.20
-- (2.1996).  Net is 58.26 + 5.57 - 0.30 - 2.20 = 61.33, of which 6.13 (6.133)
-- are held back.
select pg_temp.close(:euro, '2026-03-15') as march \gset
select results_eq('select kind, name, payments, gross, share, tax, fee, net'
    ' from statement where number = 1 and party = ' || :euro,
    $$values ('charge', 'demo_fr', 5::bigint, 11497::bigint, 2875::bigint,
              1915::bigint, 625::bigint, 6082::bigint),
             ('refund', 'demo_fr', 1, -499, -125, -83, -35, -256),
             ('tier_correction', 'demo_fr', 4, 0, -437, 0, -120, 557),
             ('minimum_fee', null, 0, 0, 0, 0, 30, -30),
             ('commission', 'dist', 0, 0, 0, 0, 0, -220),
             ('reserve_held', null, 0, 0, 0, 0, 0, -613)$$,
    'a month with a tier, a minimum fee, commissions and a reserve');
select results_eq('select first, next, from_at, until_at, net, reserve,'
    ' reserve_until from settlement where id = ' || :march,
    format('values (''2026-03-01''::date, ''2026-04-01''::date, 0::bigint, %s,'
           ' 5520::bigint, 613::bigint, ''2026-05-01''::date)',
           pg_temp.ms('2026-03-31 22:00Z')), 'its period and its sum');
select results_eq('select amount, remittance_state_name(state) from remittance'
    ' where settlement_id = ' || :march, 'values (5520::bigint, ''due'')',
    'is remitted');
select is(pg_temp.close(:euro, '2026-03-31'), :march,
          'a period that was settled is returned again');
select is(count(*)::int, 1, 'and nothing is written') from settlement;
select throws_ok('select settlement_close(' || :euro || ', ''2026-02-28'')',
                 'P0002', null, 'before the terms nothing is settled');


-- April has 4.99 and a refund of 50.00: the fee is below zero, so 5.00 are
-- lacking, and there is no commission.  What was held back is released on
-- 1 May, when April ends.  What is owed to us is carried over.
select pg_temp.close(:euro, '2026-04-30') as april \gset
select results_eq('select kind, payments, gross, share, tax, fee, net'
    ' from statement where number = 2 and party = ' || :euro,
    $$values ('charge', 1::bigint, 499::bigint, 125::bigint, 83::bigint,
              35::bigint, 256::bigint),
             ('refund', 1, -5000, -1250, -833, -260, -2657),
             ('minimum_fee', 0, 0, 0, 0, 500, -500),
             ('reserve_released', 1, 0, 0, 0, 0, 613)$$,
    'a month with a late refund and a release');
select results_eq('select net, reserve from settlement where id = ' || :april,
    'values (-2288::bigint, 0::bigint)', 'is below zero');
select is_empty('select 1 from remittance where settlement_id = ' || :april,
                'and remits nothing');

-- May reaches the tier exactly: 25 % of 83.34 are 20.84 (20.835), of 25.00
-- posted; 4 % and 0.10 are 4.10, of 5.20 posted.
select is(adjustment_add(5, false, 'EUR', 1000, 'NOTE-1', 'goodwill'),
          'applied', 'an adjustment');
select pg_temp.reposted('2026-05-20Z') \gset ignore_
select is(adjustment_add(5, false, 'EUR', 1000, 'NOTE-1', 'goodwill'),
          'already', 'is not made twice');
select is(adjustment_add(5, false, 'EUR', 999, 'NOTE-1', 'goodwill'),
          'refused', 'and not made another');
select pg_temp.close(:euro, '2026-05-01') as may \gset
select results_eq('select kind, payments, gross, share, tax, fee, net'
    ' from statement where number = 3 and party = ' || :euro,
    $$values ('charge', 2::bigint, 10000::bigint, 2500::bigint, 1666::bigint,
              520::bigint, 5314::bigint),
             ('adjustment', 1, 0, 0, 0, 0, 1000),
             ('tier_correction', 2, 0, -416, 0, -110, 526),
             ('minimum_fee', 0, 0, 0, 0, 90, -90),
             ('commission', 0, 0, 0, 0, 0, -200),
             ('reserve_held', 0, 0, 0, 0, 0, -555),
             ('carried_over', 0, 0, 0, 0, 0, -2288)$$,
    'a month with an adjustment and what the last one owed');
select is(net, 3707::bigint, 'the rest is remitted') from settlement
 where id = :may;

-- remittances

select throws_ok(format('select %s(%s, %L, %L)', what, :march, 'BANK-1', day),
                 '23514', null, what || ' on no such day: ' || day)
  from unnest(array['remittance_paid', 'remittance_returned']) what,
       unnest(array['2026-03-31',
                    (now() at time zone 'UTC')::date + 2 || '']) day;
select is(remittance_paid(:march, 'BANK-1', '2026-04-05'), 'applied',
          'a remittance is paid');
select is(remittance_paid(:march, 'BANK-1', '2026-04-05'), 'already',
          'once');
select is(remittance_paid(:march, 'BANK-2', '2026-04-05'), 'refused',
          'and by no other transfer');
select is(remittance_paid(:march, 'BANK-1', '2026-04-06'), 'refused',
          'and on no other day');
select throws_ok('select remittance_returned(' || :march || ', ''closed'','
                 ' ''2026-04-04'')', '23514', null,
                 'what is not paid yet does not come back');
select is(remittance_returned(:march, 'account closed', '2026-06-02'),
          'applied', 'it comes back');
select pg_temp.reposted('2026-06-02Z') \gset ignore_
select is(remittance_returned(:march, 'account closed', '2026-06-02'),
          'already', 'once');
select is(remittance_returned(:march, 'another reason', '2026-06-02'),
          'refused', 'for one reason');
select is(remittance_returned(:march, 'account closed', '2026-06-03'),
          'refused', 'and on one day');
select is(remittance_paid(:march, 'BANK-1', '2026-04-05'), 'refused',
          'what has come back is not paid again');
select is(remittance_paid(:april, 'BANK-3', '2026-05-05'), 'not_found',
          'nothing is paid that is not due');
select throws_ok('update remittance set ' || change || ' where settlement_id ='
                 || case when change ~ 'd''' then :march else :may end,
                 '23001', null, 'a remittance keeps: ' || change)
  from unnest(array['amount = 1', 'settlement_id = 1000', 'state = ''d'','
                        ' returned = null, reason = null']) change;

select pg_temp.close(:euro, '2026-06-30') as june \gset
select results_eq('select kind, payments, net from statement where number = 4'
    ' and party = ' || :euro,
    $$values ('remittance_returned', 1::bigint, 5520::bigint),
             ('minimum_fee', 0, -500), ('reserve_released', 1, 555)$$,
    'what has come back is remitted again, and the reserve of May released');

-- The accounts: all is remitted, a remittance was paid and has come back; the
-- partner has 10 % of 5.00, 2.75, 5.00 and 5.00, the distributor 2.20 and
-- 2.00.
select set_eq('select account, amount from balance where account ~'
    ' ''merchant:5|bank|partner|adjustment'' and currency = ''EUR''',
    $$values ('test:merchant:5:payable', 0::numeric),
             ('test:merchant:5:reserve', 0),
             ('test:merchant:5:remittance', -3707 - 5575),
             ('test:bank:clearing', 0), ('test:partner:dist:payable', -420),
             ('test:partner:partner:payable', -178),
             ('test:platform:adjustment', 1000)$$,
    'what stands on the accounts');

-- Each statement but what it carries over is the change of the payable
-- account: by what was posted in its period, and what it has posted.
select is(l.net, -e.amount::bigint, 'statement ' || s.number)
  from settlement s
 cross join lateral (
       select sum(l.net)::bigint as net from settlement_line l
        where l.settlement_id = s.id and l.kind <> 'o') l
 cross join lateral (
       select sum(e.amount) as amount from entry e
         left join posting o on o.id = e.posting_id
        where e.account = 'test:merchant:5:payable' and e.currency = 'EUR'
          and case when o.kind is null or o.kind in ('a', 'x', 'q', 'v')
              then e.at >= s.from_at and e.at < s.until_at
              else o.kind <> 'd' and o.settlement_id = s.id end) e
 where s.party_id = :euro;
select is(sum(amount), 0::numeric, currency || ': all sums to zero')
  from balance group by currency;

-- Other terms from July on, by week: the first one is short.
select settlement_terms_add(5, null, false, 'EUR', '2026-07-01', 'w',
                            'Europe/Paris') \gset ignore_
select throws_ok('select settlement_terms_add(5, null, false, ''EUR'','
    ' ''2026-06-30'', ''w'', ''UTC'')', '23514', null,
    'what is settled has the terms that it had');
select results_eq('select first, next, from_at from settlement_next(' || :euro
    || ')', format('values (''2026-07-01''::date, ''2026-07-06''::date, %s)',
                   pg_temp.ms('2026-06-30 22:00Z')),
    'terms change between periods, and leave no gap');

-- The operator: what it owes, less its share.  What the settlement of March
-- has corrected was posted in April.
select settlement_terms_add(null, 'demo_fr', false, 'EUR', '2026-03-01', 'm',
                            'Europe/Paris') \gset ignore_
select settlement_party_id(null, 'demo_fr', false, 'EUR') as operator \gset
alter table posting disable trigger posting_refuse;
update posting set at = pg_temp.ms('2026-04-02Z')
 where kind = 't' and settlement_id = :march;
alter table posting enable always trigger posting_refuse;
select pg_temp.close(:operator, '2026-04-01') \gset ignore_
select results_eq('select number, kind, payments, gross, share, net'
    ' from statement where party = ' || :operator,
    $$values (1, 'charge', 5::bigint, 11497::bigint, 2875::bigint,
              8622::bigint),
             (1, 'refund', 1, -499, -125, -374),
             (2, 'charge', 1, 499, 125, 374),
             (2, 'refund', 1, -5000, -1250, -3750),
             (2, 'tier_correction', 1, 0, -437, 437)$$,
    'what an operator owes');
select results_eq('select number, net from settlement where party_id = '
    || :operator, 'values (1, 8248::bigint), (2, -2939)', 'and its sums');

-- What an operator has charged after the end of a payment it owes, too, and no
-- merchant has sold it.
insert into op (id, key, merchant, pseudonym)
values (400000, 'late', 5, 220);
select count(*) from pg_temp.create_ops() \gset ignore_
select count(*) from pg_temp.finish(400000, 'failed') \gset ignore_
select count(*) from pg_temp.finish(400000, 'succeeded') \gset ignore_
select pg_temp.posted_at('{400000}', '2026-05-16Z') \gset ignore_
select pg_temp.close(:operator, '2026-05-31') \gset ignore_
select results_eq('select kind, payments, gross, share, net from statement'
    ' where number = 3 and party = ' || :operator,
    $$values ('charge', 2::bigint, 10000::bigint, 2500::bigint, 7500::bigint),
             ('suspense', 1, 499, 0, 499)$$,
    'what stands in suspense is owed');

-- A week, in francs, over the end of the year: of 500 81 are tax (80.7), 84 of
-- 419 the operator's (83.8), 15 ours.
select settlement_terms_add(5, null, false, 'XAF', '2025-12-29', 'w',
                            'Africa/Douala') \gset ignore_
select settlement_party_id(5, null, false, 'XAF') as franc \gset
select pg_temp.sold(222, 'XAF', at::timestamptz, '{500}')
  from unnest(array['2025-12-28 23:00Z', '2026-01-04 22:59:59.999Z',
                    '2026-01-04 23:00Z']) at;

select pg_temp.close(:franc, '2026-01-11') \gset ignore_
select results_eq('select number, kind, payments, gross, share, tax, fee, net'
    ' from statement where party = ' || :franc,
    $$values (1, 'charge', 2::bigint, 1000::bigint, 168::bigint, 162::bigint,
              30::bigint, 640::bigint),
             (2, 'charge', 1, 500, 84, 81, 15, 320)$$,
    'a week that the year ends in');
select results_eq('select first, next from settlement where party_id = '
    || :franc, $$values ('2025-12-29'::date, '2026-01-05'::date),
                        ('2026-01-05', '2026-01-12')$$,
    'begins on a Monday; those before are settled, too');

-- Days, in thousandths of a dinar, of which 5 % are held back for a day: of
-- 1.500 0.239 are tax, 0.378 of 1.261 the operator's, 0.085 ours.
select settlement_terms_add(5, null, false, 'TND', '2026-06-30', 'd',
                            'Africa/Tunis', 0, 500, 1) \gset ignore_
select settlement_party_id(5, null, false, 'TND') as dinar \gset
select pg_temp.sold(224, 'TND', '2026-06-30 22:59:59.999Z', '{1500}')
    \gset ignore_
select pg_temp.sold(224, 'TND', '2026-06-30 23:00Z', '{1500}') \gset ignore_
select pg_temp.close(:dinar, '2026-07-02') \gset ignore_
select results_eq('select number, kind, gross, share, tax, fee, net'
    ' from statement where party = ' || :dinar,
    $$values (1, 'charge', 1500::bigint, 378::bigint, 239::bigint, 85::bigint,
              798::bigint), (1, 'reserve_held', 0, 0, 0, 0, -40),
             (2, 'charge', 1500, 378, 239, 85, 798),
             (2, 'reserve_held', 0, 0, 0, 0, -40),
             (2, 'reserve_released', 0, 0, 0, 0, 40),
             (3, 'reserve_released', 0, 0, 0, 0, 40)$$,
    'days, and what is held back for one');

-- Days by the clock of their zone.
select is((settlement_day(day::date + 1, zone) - settlement_day(day::date,
              zone)) / 3600000, hours::bigint, zone || ' ' || day)
  from (values ('Europe/Paris', '2026-03-29', 23),
               ('Europe/Paris', '2026-10-25', 25),
               ('Africa/Cairo', '2026-04-24', 23),
               ('Asia/Kathmandu', '2026-04-24', 24)) d (zone, day, hours);
select is(settlement_day('2026-04-24', 'Africa/Cairo'),
          pg_temp.ms('2026-04-23 22:00Z'), 'a day without a midnight');

-- Due: those that are over, of all parties.
select pg_temp.counted(pg_temp.ms('2026-07-06Z')) \gset ignore_
select set_eq('select party_id, first from settlement_open()',
    format('values (%s, ''2026-07-03''::date), (%s, ''2026-01-12''),'
           ' (%s, ''2026-06-01''), (%s, ''2026-07-01'')', :dinar, :franc,
           :operator, :euro),
    'what is over, and not settled');

select * from finish();
rollback;
