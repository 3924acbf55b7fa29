-- Chargebacks: their bearers, sums, journals to the minor unit, references,
-- refunds in flight, reversals.

\ir lib/fixture.sql

select * from no_plan();

create function pg_temp.charge_back(payment bigint,
    amount bigint default null, reason "char" default 'c',
    reference text default null, operator text default null,
    currency text default null)
returns text
language sql
as $$
select concat_ws(' ', r.result, r.number, r.amount, r.rest)
  from chargeback_add(payment, amount, reason, reference, operator,
                      currency) r;
$$;

create function pg_temp.reverse(payment bigint, number int) returns text
language sql
as $$
select r.result from chargeback_reverse(payment, number) r;
$$;

create function pg_temp.refund(id bigint, payment bigint, amount bigint,
    outcome text default 'succeeded')
returns text
language plpgsql
as $$
declare
    v_begun text;
begin
    select r.result || coalesce(' ' || r.refundable, '') into v_begun
      from refund_begin(id, 1, false, payment, amount, null,
                        md5('refund ' || id)::uuid, md5('')::uuid) r;
    return v_begun || coalesce((
        select ', ' || f.result from refund_finish(id, outcome,
               case outcome when 'failed' then 'refund_not_allowed' end,
               null, null, null) f where outcome is not null), '');
end
$$;

create function pg_temp.stands(payment bigint)
returns table (account text, amount bigint)
language sql
as $$
select e.account, sum(e.amount)::bigint from entry e
 where e.payment_id = payment
 group by 1 having sum(e.amount) <> 0;
$$;

-- A payment of that many minor units that its operator has charged.
create function pg_temp.paid(ids bigint[], amount bigint default 499,
    currency text default 'EUR', pseudonym bigint default 200)
returns void
language plpgsql
as $$
begin
    insert into op (id, key, amount, currency, pseudonym)
    select i, 'charge ' || i, $2, $3, $4 from unnest(ids) i;
    if exists (select from pg_temp.create_ops() c
                where c.result <> 'processing') then
        raise exception 'not charged';
    end if;
    perform from unnest(ids) i, pg_temp.finish(i, 'succeeded');
end
$$;

insert into operator (code, name, country, currency, sandbox)
values ('demo_tn', 'Demo Tunisie', 'TN', 'TND', true);
insert into vat_rate (country, category, valid_from, bp)
values ('TN', 'd', 0, 1900);
insert into subscriber (id, msisdn_index, live, msisdn, operator)
values (105, sha256('21620000001'), false, '\xaa04', 'demo_tn');
insert into pseudonym (id, merchant_id, subscriber_id, live, known_since,
                       consent_id, later_max, currency)
values (205, 1, 105, false, 0, 95, 1000 * split_limit(), 'TND');
do $$
begin
    perform contract_add(1, 'demo_cm', 0, null, 3000, 500, 10,
                         p_chargeback_fee => 500);
    perform contract_add(1, 'demo_tn', 0, null, 3000, 500, 10,
                         p_chargeback_bearer => 'p',
                         p_non_payment_bearer => 'o',
                         p_chargeback_fee => 700);
end
$$;

select pg_temp.paid('{1,2,3,5,6,7,8,9}') \gset ignore_
select pg_temp.charge_of('{4}') \gset ignore_
select pg_temp.paid('{20,21}', 1000, 'XAF', 202) \gset ignore_
select pg_temp.paid('{30,31,32}', 10000, 'TND', 205) \gset ignore_

-- what cannot be charged back

select is(pg_temp.charge_back(99), 'not_found', 'no such payment');
select is(pg_temp.charge_back(4), 'not_succeeded 499 499',
          'one that is charged still');
select is(pg_temp.charge_back(1, 500), 'amount_too_large 500 499',
          'more than was taken');
select is(pg_temp.charge_back(1, operator => 'net_fr'),
          'other_operator 499 499', 'of another operator');
select is(pg_temp.charge_back(1, currency => 'XAF'),
          'other_currency 499 499', 'in another currency');
select is_empty('select 1 from chargeback', 'nothing is recorded');
select is_empty('select 1 from journal where operation > 1',
                'nothing is posted');

-- Euro, borne by the merchant, parts after a refund of a part.  The journals
-- by hand: 499 = 125 share + 83 tax + 35 fee + 256.

select is(pg_temp.refund(50, 1, 100), 'processing 399, applied', 'a refund');
select is(pg_temp.charge_back(1, 100, 'f', 'CB-1', 'demo_fr', 'EUR'),
          'charged_back 3 100 399', 'a part is charged back');
select is(pg_temp.charge_back(1, 300), 'amount_too_large 300 299',
          'more than is left');
select is(pg_temp.charge_back(1), 'charged_back 4 299 299',
          'without an amount all that is left');
select is(pg_temp.charge_back(1), 'nothing_left 0 0', 'and then nothing');
select is(pg_temp.refund(51, 1, 1, null), 'amount_too_large 0',
          'nothing can be refunded either');
select results_eq('select operation::int, amounts from journal'
    ' where payment_id = 1 order by 1',
    $$values (1, '{499,-125,-83,-35,-256}'::bigint[]),
             (2, '{-100,25,17,7,51}'),
             (3, '{-100,25,16,7,52}'),
             (4, '{-299,75,50,21,153}')$$,
    'pro rata; the last takes the rest');
select is_empty('select * from pg_temp.stands(1)', 'nothing stands any more');
select results_eq('select refunded, charged_back, state::text from payment'
    ' where id = 1', $$values (100::bigint, 399::bigint, 's')$$,
    'the payment tells; it stays succeeded');
select is(pg_temp.reverse(1, 3), 'reversed', 'the operator gives back a part');
select is(amounts, '{100,-25,-17,-7,-51}'::bigint[],
          'posted in the other direction') from journal
 where payment_id = 1 and operation = 5;
select is(pg_temp.reverse(1, 3), 'already', 'once');
select is(pg_temp.reverse(1, 5), 'not_found', 'a reversal stays');
select is(pg_temp.reverse(1, 2), 'not_found', 'a refund is no chargeback');
select is(charged_back, 299::bigint, 'the payment tells') from payment
 where id = 1;
select is(pg_temp.refund(52, 1, 100), 'processing 0, applied',
          'what was given back can be refunded');
select is_empty('select * from pg_temp.stands(1)',
                'and nothing stands any more');

-- events, each with the payment as it was

select results_eq('select seq::int, type, refunded, charged_back, refund_id,'
    ' chargeback, chargeback_amount, chargeback_state, chargeback_reason,'
    ' chargeback_bearer, chargeback_fee'
    ' from event_view where payment_id = 1 order by seq',
    $$values (1, 'payment.succeeded', 0::bigint, 0::bigint, null::bigint,
              null::int, null::bigint, null::text, null::text, null::text,
              null::bigint),
             (2, 'payment.refunded', 100, 0, 50, null, null, null, null, null,
              null),
             (3, 'payment.charged_back', 100, 100, null, 3, 100,
              'charged_back', 'fraud', 'merchant', 0),
             (4, 'payment.charged_back', 100, 399, null, 4, 299,
              'charged_back', 'chargeback', 'merchant', 0),
             (5, 'chargeback.reversed', 100, 299, null, 3, 100, 'reversed',
              'fraud', 'merchant', 0),
             (6, 'payment.refunded', 200, 299, 52, null, null, null, null,
              null, null)$$, 'events');
select is(count(*)::int, 12, 'each is owed to each endpoint') from outbox
 where payment_id = 1;
select is(charged_back, 299::bigint, 'the service reads it') from payment_view
 where id = 1;

-- XAF has no decimals.  1000 = 252 share + 161 tax + 60 fee + 527; and 500 for
-- each chargeback.

select is(pg_temp.charge_back(20, 333, 'n'), 'charged_back 2 333 1000',
          'a bill that was not paid');
select is(pg_temp.charge_back(20), 'charged_back 3 667 667', 'nor its rest');
select is(pg_temp.reverse(20, 2), 'reversed', 'then a part was paid');
select results_eq('select operation::int, amounts from journal'
    ' where payment_id = 20 order by 1',
    $$values (1, '{1000,-252,-161,-60,-527}'::bigint[]),
             (2, '{-333,84,54,20,175}'), (3, '{-667,168,107,40,352}'),
             (4, '{333,-84,-54,-20,-175}')$$, 'journals without decimals');
select results_eq('select reference, amounts, posting_kind_name(kind),'
    ' contract_id = (select contract_id from payment where id = 20)'
    ' from posting order by id',
    $$values ('20-2', '{500,-500}'::bigint[], 'chargeback_fee', true),
             ('20-3', '{500,-500}', 'chargeback_fee', true),
             ('20-4', '{-500,500}', 'chargeback_fee', true)$$,
    'the fee of each, and that of the reversal');
select set_eq('select account, sum(amount)::bigint from entry'
    ' where posting_id is not null group by 1',
    $$values ('test:merchant:1:payable', 500::bigint),
             ('test:platform:revenue', -500)$$, 'one is left');
select throws_ok('insert into posting (at, merchant_id, kind, live, currency,'
    ' reference, accounts, amounts) select at, merchant_id, kind, live,'
    ' currency, reference, accounts, amounts from posting', '23505', null,
    'a fee is posted once');

-- TND has three decimals.  10000 = 2521 share + 1597 tax + 510 fee + 5372; we
-- bear chargebacks, and the operator what is not paid.

select is(pg_temp.charge_back(30, 3333), 'charged_back 2 3333 10000',
          'borne by us');
select is(pg_temp.charge_back(30, 1000, 'n'), 'charged_back 3 1000 6667',
          'borne by the operator');
select is(pg_temp.refund(60, 30, 2000), 'processing 3667, applied',
          'a refund is the merchant''s');
select results_eq('select operation::int, amounts from journal'
    ' where payment_id = 30 order by 1',
    $$values (1, '{10000,-2521,-1597,-510,-5372}'::bigint[]),
             (2, '{-3333,840,532,170,1791}'),
             (4, '{-2000,504,320,102,1074}')$$,
    'what the operator bears is not posted');
select set_eq('select account, amount from entry where payment_id = 30'
    ' and operation = 2',
    $$values ('test:operator:demo_tn:receivable', -3333::bigint),
             ('test:operator:demo_tn:share', 840), ('test:tax:TN', 532),
             ('test:platform:revenue', 170), ('test:platform:loss', 1791)$$,
    'our loss; the merchant keeps what it has');
select is(pg_temp.reverse(30, 3), 'reversed', 'the operator takes both back');
select is(pg_temp.reverse(30, 2), 'reversed', 'one after the other');
select set_eq('select account, amount from entry where payment_id = 30'
    ' and operation = 6',
    $$values ('test:operator:demo_tn:receivable', 3333::bigint),
             ('test:operator:demo_tn:share', -840), ('test:tax:TN', -533),
             ('test:platform:revenue', -170), ('test:platform:loss', -1791),
             ('test:merchant:1:payable', 1)$$,
    'no loss is left');
select pg_temp.refund(61, 31, 2000) \gset ignore_
select set_eq('select * from pg_temp.stands(30)',
    'select * from pg_temp.stands(31)',
    'all stands as though there had been no chargebacks');
select is_empty('select 1 from posting where reference ~ ''^3''',
    'a fee is due from a merchant that bears a chargeback');
select results_eq('select type, charged_back, chargeback_bearer'
    ' from event_view where payment_id = 30 and chargeback is not null'
    ' order by seq',
    $$values ('payment.charged_back', 3333::bigint, 'platform'),
             ('payment.charged_back', 3333, 'operator'),
             ('chargeback.reversed', 3333, 'operator'),
             ('chargeback.reversed', 0, 'platform')$$,
    'the merchant is told of all');
select is(pg_temp.charge_back(32, 1000, 'n'), 'charged_back 2 1000 10000',
          'borne by the operator, again');
select is(pg_temp.refund(62, 32, 9001, null), 'amount_too_large 9000',
          'the shopper has that already');

-- references

select is(pg_temp.charge_back(2, 100, 'c', 'CB-2'),
          'charged_back 2 100 499', 'with a reference of the operator');
select is(pg_temp.charge_back(2, 100, 'c', 'CB-2', 'demo_fr', 'EUR'),
          'already 2 100 399', 'the same again');
select is(pg_temp.charge_back(2, null, 'c', 'CB-2'), 'already 2 100 399',
          'without an amount, too');
select is(pg_temp.charge_back(payment, amount, reason, 'CB-2'),
          'mismatch 2 ' || amount || ' ' || 399 + 100 * (payment - 2), what)
  from (values (3, 100, 'c'::"char", 'of another payment'),
               (2, 101, 'c', 'of another amount'),
               (2, 100, 'n', 'of another reason'))
       v (payment, amount, reason, what);
select is(count(*)::int, 1, 'one is recorded') from chargeback
 where reference = 'CB-2';
select is(pg_temp.reverse(2, 2), 'reversed', 'it is taken back');
select is(pg_temp.charge_back(2, 100, 'c', 'CB-2'), 'already 2 100 499',
          'which is no news of it either');

-- refunds in flight

select is(pg_temp.refund(70, 5, 300, null), 'processing 199', 'in flight');
select is(pg_temp.charge_back(5, 100), 'charged_back 3 100 499',
          'there is room for both');
select is(pg_temp.charge_back(5, 150, 'c', 'CB-5'), 'held 4 150 399',
          'there is none');
select is(count(*)::int, 2, 'a chargeback that is held is not posted')
  from journal where payment_id = 5;
select is(concat_ws('; ', kind, recorded, said, reference),
          'chargeback_held; refund 2 processing; chargeback 4 of 150; CB-5',
          'it is an incident') from incident where payment_id = 5;
select is(pg_temp.charge_back(5, 150, 'c', 'CB-5'), 'already 4 150 249',
          'told again, it is known');
select is(count(*)::int, 1, 'and no other incident') from incident
 where payment_id = 5;
select is(pg_temp.charge_back(5, 250), 'amount_too_large 250 249',
          'what is held counts');
select is(pg_temp.refund(71, 5, 1, null), 'amount_too_large 0',
          'against refunds, too');
select is(result, 'applied', 'the outcome of the refund is not known')
  from refund_finish(70, 'unknown', null, null, null, null);
select is(state, 'held', 'it is held still') from chargeback_view
 where payment_id = 5 and number = 4;
select is(result, 'applied', 'the refund fails')
  from refund_finish(70, 'failed', 'refund_not_allowed', null, null, null);
select is(state, 'charged_back', 'now it counts') from chargeback_view
 where payment_id = 5 and number = 4;
select is(charged_back, 250::bigint, 'in the payment') from payment
 where id = 5;
select results_eq('select type from event_view where payment_id = 5'
    ' order by seq',
    $$values ('payment.succeeded'), ('payment.charged_back'),
             ('payment.refund_failed'), ('payment.charged_back')$$,
    'and the merchant is told');

select pg_temp.refund(72, 6, 300, null) \gset ignore_
select is(pg_temp.charge_back(6, 499), 'held 3 499 499', 'another one');
select is(result, 'applied', 'its refund succeeds')
  from refund_finish(72, 'succeeded', null, null, null, null);
select is(state, 'held', 'then it stays held') from chargeback_view
 where payment_id = 6;
select is(pg_temp.reverse(6, 3), 'reversed', 'until it is taken back');
select results_eq('select type, refunded, charged_back from event_view'
    ' where payment_id = 6 order by seq',
    $$values ('payment.succeeded', 0::bigint, 0::bigint),
             ('payment.refunded', 300, 0)$$,
    'the merchant is not concerned');
select is(pg_temp.refund(73, 6, 199), 'processing 0, applied',
          'the rest can be refunded');

select pg_temp.refund(74, 7, 300, null) \gset ignore_
select pg_temp.charge_back(7, 200) \gset ignore_
select pg_temp.charge_back(7, 150) \gset ignore_
select is(count(*)::int, 1, 'the first one has no room') from chargeback_view
 where payment_id = 7 and state = 'held' and amount = 200;
select is(pg_temp.reverse(7, 4), 'reversed', 'the other one is taken back');
select is(count(*)::int, 1, 'a little is missing still') from chargeback_view
 where payment_id = 7 and state = 'held';
select pg_temp.charge_back(7, 50) \gset ignore_
select result from refund_finish(74, 'failed', 'x', null, null, null)
    \gset ignore_
select is(charged_back, 250::bigint, 'both count in the end') from payment
 where id = 7;

-- a refund that failed and was made, as the operator has said later

select pg_temp.refund(75, 8, 300, 'failed') \gset ignore_
select result from refund_finish(75, 'succeeded', null, null, null, null)
    \gset ignore_
select is(pg_temp.charge_back(8, 300), 'held 3 300 499',
          'may have been given back, too');

-- what was sold: a chargeback is below zero, where it was posted; what stays
-- with the merchant is a loss of ours

select pg_temp.counted() \gset ignore_
select results_eq($$select turnover_kind_name(t.kind), sum(payments)::int,
       sum(gross)::int, sum(received)::int, sum(share)::int, sum(tax)::int,
       sum(fee)::int, sum(net)::int
  from turnover t join contract k on k.id = t.contract_id
 where k.operator = 'demo_cm' group by t.kind order by t.kind$$,
    $$values ('chargeback', 3, -667, -667, -168, -107, -40, -352),
             ('charge', 2, 2000, 2000, 504, 322, 120, 1054)$$,
    'the turnover of one operator');
select results_eq($$select turnover_kind_name(t.kind), sum(payments)::int,
       sum(gross)::int, sum(received)::int, sum(share)::int, sum(tax)::int,
       sum(fee)::int, sum(net)::int
  from turnover t join contract k on k.id = t.contract_id
 where k.operator = 'demo_tn' group by t.kind order by t.kind$$,
    $$values ('charge', 3, 30000, 30000, 7563, 4791, 1530, 16116),
             ('refund', 2, -4000, -4000, -1008, -639, -204, -2149),
             ('loss', 2, 0, 0, 0, 1, 0, -1)$$,
    'and of another one');

-- what is settled: all of that lies in one day of the past, with every fee

alter table journal disable trigger journal_refuse;
alter table posting disable trigger posting_refuse;
update journal set at = pg_temp.ms('2026-03-02 12:00Z');
update posting set at = pg_temp.ms('2026-03-02 12:00Z');
alter table journal enable always trigger journal_refuse;
alter table posting enable always trigger posting_refuse;

create function pg_temp.statement(merchant int, operator text, currency text)
returns table (kind text, payments bigint, gross bigint, share bigint,
    tax bigint, fee bigint, net bigint)
language plpgsql
as $$
declare
    v_id int;
begin
    perform settlement_terms_add(merchant, operator, false, currency,
                                 '2026-03-02', 'd', 'UTC');
    perform pg_temp.counted();
    v_id := settlement_close(settlement_party_id(merchant, operator, false,
                                                 currency), '2026-03-02');
    return query
    select settlement_kind_name(l.kind), l.payments, l.gross, l.share, l.tax,
           l.fee, l.net
      from settlement_line l where l.settlement_id = v_id order by l.line;
end
$$;

select results_eq('select * from pg_temp.statement(1, null, ''XAF'')',
    $$values ('chargeback', 3::bigint, -667::bigint, -168::bigint,
              -107::bigint, -40::bigint, -352::bigint),
             ('charge', 2, 2000, 504, 322, 120, 1054),
             ('chargeback_fee', 3, 0, 0, 0, 0, -500)$$,
    'a statement of the merchant that bears them');
select results_eq('select * from pg_temp.statement(1, null, ''TND'')',
    $$values ('charge', 3::bigint, 30000::bigint, 7563::bigint,
              4791::bigint, 1530::bigint, 16116::bigint),
             ('refund', 2, -4000, -1008, -639, -204, -2149),
             ('loss', 2, 0, 0, 1, 0, -1)$$,
    'of one that does not');
select results_eq('select * from pg_temp.statement(null, ''demo_cm'','
    ' ''XAF'')',
    $$values ('chargeback', 3::bigint, -667::bigint, -168::bigint,
              0::bigint, 0::bigint, -499::bigint),
             ('charge', 2, 2000, 504, 0, 0, 1496)$$,
    'and of an operator');
select is(b.amount, -s.net, a.code || ' is what the statement says')
  from (values ('XAF', 202::numeric), ('TND', 16116 - 2149 - 1))
       s (currency, net)
  join account a on a.code = 'test:merchant:1:remittance'
  join balance b on b.account_id = a.id and b.currency = s.currency;

-- terms, and limits

select throws_ok('update contract set ' || s, '23001', null,
                 'terms do not change: ' || s)
  from unnest(array['chargeback_bearer = ''p''', 'chargeback_fee = 1',
                    'non_payment_bearer = ''o''']) s;
select throws_ok('select contract_add(2, ''demo_fr'', 0, null, 0, 0, 0,'
    || terms || ')', '23514', null, 'no terms: ' || terms)
  from unnest(array['p_chargeback_bearer => ''x''',
                    'p_non_payment_bearer => ''x''',
                    'p_chargeback_fee => -1']) terms;
select results_eq('select distinct month_total from spend'
    ' where msisdn_index = sha256(''237600000001'')', 'values (2000::bigint)',
    'a chargeback gives a line no room to spend');

-- Of what we bear the merchant keeps its net: our fee, which went back with
-- it, does not lack to the minimum.

select contract_add(2, 'demo_fr', 0, null, 3000, 500, 10,
                    p_chargeback_bearer => 'p') \gset ignore_
insert into op (id, key, merchant, pseudonym)
select i, 'least ' || i, 2, 204 from generate_series(900, 901) i;
select count(*) from pg_temp.create_ops() \gset ignore_
select count(*) from generate_series(900, 901) i,
       pg_temp.finish(i, 'succeeded') \gset ignore_
select is(pg_temp.charge_back(900), 'charged_back 2 499 499',
          'we bear a chargeback');
select pg_temp.posted_at('{900,901}', '2026-03-10Z') \gset ignore_
select pg_temp.counted() \gset ignore_
select settlement_terms_add(2, null, false, 'EUR', '2026-03-01', 'm', 'UTC',
                            70) \gset ignore_
select settlement_close(settlement_party_id(2, null, false, 'EUR'),
                        '2026-03-01') as least \gset
select results_eq('select settlement_kind_name(kind), fee, net'
    ' from settlement_line where settlement_id = ' || :least,
    $$values ('charge', 70::bigint, 512::bigint), ('loss', -35, 0)$$,
    'and all of it');

-- what guards them

select throws_ok(s, '23001', null, 'refused: ' || s)
  from unnest(array['update chargeback set amount = 1',
                    'update chargeback set bearer = ''o''',
                    'update chargeback set counted = 1'
                        ' where counted is not null',
                    'update chargeback set charged_back = 1'
                        ' where counted is not null',
                    'delete from chargeback', 'truncate chargeback']) s;
set local role carrierpay;
select throws_ok(s, '42501', null, 'refused to the service: ' || s)
  from unnest(array['select 1 from carrierpay.chargeback',
                    'select 1 from carrierpay.chargeback_view',
                    'select carrierpay.chargeback_add(1, 1, ''c'')',
                    'select carrierpay.chargeback_reverse(1, 2)',
                    'select carrierpay.chargeback_count(1, 2::smallint)',
                    'select carrierpay.chargeback_resume(1)']) s;
reset role;

select * from finish();
rollback;
