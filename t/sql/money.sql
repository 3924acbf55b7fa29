-- Charges, refunds, chargebacks, payouts, settlements, remittances and
-- adjustments in a random order, over many days.  After each operation the
-- books sum to zero, what was counted and what was posted since is what
-- stands on the accounts, and a payout leaves what we owe at zero or above;
-- each statement is the change of the merchant's account.

\ir lib/fixture.sql

select * from no_plan();

-- The clock goes as fast as the test likes, and begins so long ago that it
-- does not come to what is yet to be.

create table pg_temp.clock (ahead bigint not null);
insert into pg_temp.clock values (-400 * 86400000::bigint);
grant select on pg_temp.clock to public;

create or replace function carrierpay.now_ms() returns bigint
language plpgsql
as $$
begin
    return (extract(epoch from clock_timestamp()) * 1000)::bigint
           + (select ahead from pg_temp.clock);
end
$$;

create temp sequence fresh start 1000;

-- Four contracts: the bearers of chargebacks differ, and so do tiers and the
-- way of refunds.

insert into merchant (id, name)
select i, 'Merchant ' || i from generate_series(11, 14) i;

insert into pseudonym (id, merchant_id, subscriber_id, live, known_since,
                       consent_id, later_max, currency)
select 500 + i, i, 100, false, 0, 500 + i, 1000 * split_limit(), 'EUR'
  from generate_series(11, 14) i;

select contract_add(11, 'demo_fr', 0, null, 3000, 500, 10,
                    '{"(2000,2500,400,5)"}', p_chargeback_fee => 15)
    \gset ignore_
select contract_add(12, 'demo_fr', 0, null, 2999, 333, 7,
                    p_chargeback_bearer => 'p', p_non_payment_bearer => 'm')
    \gset ignore_
select contract_add(13, 'demo_fr', 0, null, 1, 0, 0,
                    '{"(1,0,0,0)"}', p_refund_way => 'w',
                    p_chargeback_bearer => 'o') \gset ignore_
select contract_add(14, 'demo_fr', 0, null, 7000, 0, 0, '{"(5,1,1,1)"}',
                    p_chargeback_bearer => 'm', p_non_payment_bearer => 'o')
    \gset ignore_

select count(settlement_terms_add(i, null, false, 'EUR',
           (now() at time zone 'UTC')::date - 400, case i when 11 then 'd'
           when 12 then 'w' else 'm' end::"char", 'Africa/Douala',
           case i when 11 then 500 else 0 end, 1000, 3,
           case i when 11 then '{"(dist,m,g,200)","(partner,p,f,1000)"}'
           else '{}' end::commission[]))
  from generate_series(11, 14) i \gset ignore_
select settlement_terms_add(null, 'demo_fr', false, 'EUR',
           (now() at time zone 'UTC')::date - 400, 'd', 'UTC') \gset ignore_

create table pg_temp.done (operation text primary key, times int);

create function pg_temp.one(what text) returns bigint
language plpgsql
as $$
declare
    v_id bigint;
begin
    execute 'select id from (' || what || ') t (id) order by random() limit 1'
       into v_id;
    return v_id;
end
$$;

-- Does one operation, and returns what came of it.
create function pg_temp.operate(operation text) returns text
language plpgsql
as $$
declare
    v_id       bigint := nextval('pg_temp.fresh');
    v_merchant int := 11 + floor(random() * 4);
    v_amount   bigint := floor(power(10, random() * 4));
    v_part     bigint := case when random() < 0.6 then 1 + floor(v_amount / 2)
                         end;
    v_one      bigint;
    v_result   text;
begin
    case operation
    when 'charge' then
        insert into op (id, key, merchant, amount, pseudonym)
        values (v_id, 'money ' || v_id, v_merchant, v_amount,
                500 + v_merchant);
        select c.result into v_result from pg_temp.create_ops() c;

        if v_result = 'processing' then
            select f.result into v_result
              from pg_temp.finish(v_id, 'succeeded') f;
        end if;

    when 'refund' then
        v_one := pg_temp.one($q$select id from payment where state = 's'$q$);
        select r.result into v_result from payment p
         cross join lateral refund_begin(v_id, p.merchant_id, false, v_one,
                        v_part, null, md5('money ' || v_id)::uuid,
                        md5('')::uuid) r
         where p.id = v_one;

    when 'refunded' then
        v_one := pg_temp.one($q$select id from refund where state = 'r'$q$);
        select r.result into v_result
          from refund_finish(v_one, case when random() < 0.6 then 'succeeded'
                                    else 'failed' end,
                             'refund_not_allowed', null, null, null) r;

    when 'charge_back' then
        v_one := pg_temp.one($q$select id from payment where state = 's'$q$);
        select r.result into v_result
          from chargeback_add(v_one, v_part, case when random() < 0.3
                              then 'n' else 'c' end::"char") r;

    when 'take_back' then
        select r.result into v_result
          from (select b.payment_id, b.number from chargeback b
                 where b.reverses is null order by random() limit 1) b
         cross join lateral chargeback_reverse(b.payment_id, b.number) r;

    when 'payout' then
        select r.result into v_result
          from payout_add(v_id, v_merchant, 'demo_fr', v_amount, 'EUR',
                          'payout ' || v_id, sha256('33600000001'), null) r;

        if v_result = 'queued'
           and account_owed(posting_account(v_merchant, false, 'payable'),
                            'EUR') < 0
        then
            v_result := 'overdrawn';
        end if;

    when 'paid_out' then
        v_one := pg_temp.one($q$select id from payout
                                 where state in ('q', 'r')$q$);
        v_result := case when random() < 0.3 then payout_cancel(v_one) else (
            select b.result from payout_begin(v_one) b) || ' ' || (
            select f.result
              from payout_finish(v_one, case when random() < 0.6
                   then 'succeeded' else 'failed' end, null, null) f) end;

    when 'adjust' then
        v_result := adjustment_add(v_merchant, false, 'EUR',
            case when random() < 0.5 then v_amount else -v_amount end,
            'document ' || v_id, 'of chance');

    when 'remit' then
        v_one := pg_temp.one($q$select settlement_id from remittance
                                 where state <> 'r' or random() < 0.1$q$);
        v_result := case when random() < 0.6
                    then remittance_paid(v_one::int, 'bank ' || v_id,
                                         current_date)
                    else remittance_returned(v_one::int, 'of chance',
                                             current_date) end;

    when 'count' then
        perform balance_until(now_ms());

    when 'settle' then
        update pg_temp.clock set ahead = ahead + 86400000;
        perform balance_until(now_ms());
        perform settlement_close(o.party_id, o.first)
           from settlement_open() o where random() < 0.7;
    end case;

    return coalesce(v_result, '');
end
$$;

-- What each operation must leave as it is.
create function pg_temp.broken() returns text
language sql
as $$
select concat_ws(', ',
    (select 'the sum is ' || sum(b.amount) from balance b
     having sum(b.amount) <> 0),
    (select b.account || ' has ' || b.amount || ', counted '
            || -account_owed(b.account_id, b.currency)
       from balance b
      where b.amount <> -account_owed(b.account_id, b.currency) limit 1),
    (select 'payout ' || p.merchant_id || ' holds ' || sum(p.amount)
       from payout p where p.state in ('q', 'r')
      group by p.merchant_id
     having sum(p.amount) <> account_owed(posting_account(p.merchant_id,
                                          false, 'payout'), 'EUR') limit 1),
    (select 'payment ' || e.payment_id || ' has too much of '
            || e.account
       from entry e
      where e.account ~ ':(receivable|share|revenue)$|:tax:'
      group by e.payment_id, e.account
     having sum(e.amount) * case when e.account ~ 'receivable$' then 1
                            else -1 end < 0
        and not exists (select from refund r where r.payment_id = e.payment_id
                           and r.way = 'w') limit 1));
$$;

-- The account of a merchant as its last statement leaves it: what was carried
-- over, and what was posted since the period's end by other hands than the
-- settlement's.
create temp view unsettled as
select s.id, s.net, account_owed(a.id, 'EUR') as owed,
       (select coalesce(-sum(e.amount), 0) from entry e
          left join posting o on o.id = e.posting_id
         where e.account_id = a.id and e.at >= s.until_at
           and coalesce(o.kind, 'c') not in ('t', 'm', 'p', 'h', 'l', 'd'))
           as since
  from settlement s
  join settlement_party p on p.id = s.party_id
  join account a on a.code = 'test:merchant:' || p.merchant_id || ':payable'
 where s.number = (select max(l.number) from settlement l
                    where l.party_id = s.party_id);

-- All that the operator's statements say it owes is what was posted.
create temp view unequal as
select sum(s.net) as said, max(e.owes) as owes
  from settlement s
  join settlement_party p on p.id = s.party_id
 cross join lateral (
       select sum(e.amount) as owes from entry e
        where e.account in ('test:operator:demo_fr:receivable',
                            'test:operator:demo_fr:share')
          and e.at < (select max(l.until_at) from settlement l
                       where l.party_id = p.id)) e
 where p.operator is not null
having sum(s.net) <> coalesce(max(e.owes), 0);

create function pg_temp.sequence(operations int) returns text
language plpgsql
as $$
declare
    c_all    constant text[] := '{charge,charge,charge,refund,refunded,'
        'charge_back,take_back,payout,payout,paid_out,adjust,remit,count,'
        'settle}';
    v_what   text;
    v_result text;
    v_broken text;
begin
    for n in 1 .. operations loop
        v_what := c_all[1 + floor(random() * cardinality(c_all))];
        v_result := pg_temp.operate(v_what);

        insert into pg_temp.done as d values (v_what || ' ' || v_result, 1)
        on conflict (operation) do update set times = d.times + 1;

        v_broken := pg_temp.broken();

        if v_result = 'overdrawn' then
            v_broken := 'overdrawn by a payout';
        elsif v_what = 'settle' and v_broken = '' then
            v_broken := coalesce((
                select 'statement ' || id || ': ' || owed || ' is owed, not '
                       || least(net, 0) + since from unsettled
                 where owed <> least(net, 0) + since limit 1), (
                select 'the operator owes ' || owes || ', not ' || said
                  from unequal), '');
        end if;

        if v_broken <> '' then
            return n || ', ' || v_what || ' ' || v_result || ': ' || v_broken;
        end if;
    end loop;

    return '';
end
$$;

\if :{?seed}
\else
select random() as seed \gset
\endif
\echo '# seed' :seed
select setseed(:seed) \gset ignore_

\if :{?operations}
\else
\set operations 400
\endif

select is(pg_temp.sequence(:operations), '', 'the books stay right');

select ok(exists (select from pg_temp.done d
                   where d.operation like name || '%'), name || ' was done')
  from unnest('{charge applied,refund processing,refunded applied,
                charge_back charged_back,take_back reversed,payout queued,
                paid_out processing applied,adjust applied,remit applied,
                settle}'::text[]) name;

select * from finish();
rollback;
