-- Tiers of a contract: which are valid, and what a month's volume changes,
-- against numbers computed by hand.

\ir lib/fixture.sql

select * from no_plan();

insert into merchant (id, name) values (5, 'Fifth'), (6, 'Sixth');

select throws_ok(format('select contract_add(6, ''demo_fr'', 0, null, 0, 0, 0,'
                        ' %L)', tiers), '23514', null, 'no tiers: ' || tiers)
  from unnest(array['{"(0,1,1,1)"}', '{"(-1,1,1,1)"}', '{"(,1,1,1)"}',
                    '{"(1,,1,1)"}', '{"(1,1,,1)"}', '{"(1,1,1,)"}', '{NULL}',
                    '{"(1,10001,1,1)"}', '{"(1,1,10001,1)"}',
                    '{"(1,1,1,-1)"}', '{"(5,1,1,1)","(5,2,2,2)"}',
                    '{"(5,1,1,1)","(4,2,2,2)"}', '{"(1,0,10000,0)"}',
                    '{"(1,5000,4500,0)"}']) tiers;

-- 30 %, 5 % and 0.10; from 100.00 a month on 25 %, 4 % and 0.05; from 1,000.00
-- on 20 %, 3 % and nothing

select contract_add(5, 'demo_fr', 0, null, 3000, 500, 10,
    '{"(10000,2500,400,5)","(100000,2000,300,0)"}') as contract \gset
select results_eq('select from_volume, share_bp, fee_bp, fee_fixed'
    ' from contract_tier where contract_id = ' || :contract,
    'values (10000::bigint, 2500, 400, 5::bigint), (100000, 2000, 300, 0)',
    'the tiers as rows');

insert into pseudonym (id, merchant_id, subscriber_id, live, known_since,
                       consent_id, later_max, currency)
values (220, 5, 100, false, 0, 1, split_limit(), 'EUR');

-- Charges of some amounts, which succeed, posted at an instant.
create function pg_temp.sold(at timestamptz, amounts bigint[],
    outcome text default 'succeeded')
returns bigint[]
language plpgsql
as $$
declare
    v_first bigint := id_first((extract(epoch from at) * 1000)::bigint);
    v_ids   bigint[] := array(select v_first + i
                                from generate_subscripts(amounts, 1) i);
begin
    insert into op (id, key, merchant, amount, pseudonym)
    select v_ids[i], 'sold ' || v_ids[i], 5, amounts[i], 220
      from generate_subscripts(amounts, 1) i;

    if exists (select from pg_temp.create_ops() c
                where c.result <> 'processing') then
        raise exception 'not charged';
    end if;

    perform pg_temp.finish_all(v_ids,
        array(select outcome from unnest(v_ids)),
        array(select null::text from unnest(v_ids)),
        array(select null::text from unnest(v_ids)));
    perform pg_temp.posted_at(v_ids, at);

    return v_ids;
end
$$;

create function pg_temp.corrected(month date) returns text
language plpgsql
as $$
begin
    perform pg_temp.counted();

    return (select concat_ws(' ', payments, volume, coalesce(from_volume, 0),
                             share, fee, payable)
              from contract_correction((select max(id) from contract
                                         where merchant_id = 5),
            pg_temp.ms(month), pg_temp.ms(month + interval '1 month')));
end
$$;

select is(pg_temp.corrected('2026-03-01'), '0 0 0 0 0 0', 'nothing was sold');

-- 3 * 4.99 and 50.00 are 64.97
select pg_temp.sold('2026-03-10Z', '{499,499,499,5000}') \gset ignore_
select is(pg_temp.corrected('2026-03-01'), '4 6497 0 0 0 0',
          'below the first tier');

-- With 50.00 more the volume is 114.97.  Tax is 3 * 0.83 + 2 * 8.33 = 19.15;
-- 25 % of 95.82 are 23.955, and 3 * 1.25 + 2 * 12.50 = 28.75 were posted; 4 %
-- of 114.97 are 4.5988, with 5 * 0.05 4.85, and 3 * 0.35 + 2 * 2.60 = 6.25
-- were posted.
select pg_temp.sold('2026-03-31 23:59:59.999Z', '{5000}') \gset ignore_
select is(pg_temp.corrected('2026-03-01'), '5 11497 10000 -479 -140 619',
          'the first tier holds for the whole month');

select pg_temp.sold('2026-04-01Z', '{5000}') \gset ignore_
select pg_temp.sold('2026-02-28 23:59:59.999Z', '{5000}') \gset ignore_
select pg_temp.sold('2026-03-05Z', '{5000}', 'failed') \gset ignore_
insert into op (id, key, merchant, amount, pseudonym)
values (id_first(1772323200000) + 99, 'other', 1, 5000, 200);
select count(*) from pg_temp.create_ops() \gset ignore_
select count(*) from pg_temp.finish(id_first(1772323200000) + 99, 'succeeded')
    \gset ignore_
select pg_temp.posted_at(array[id_first(1772323200000) + 99], '2026-03-01Z')
    \gset ignore_
select is(pg_temp.corrected('2026-03-01'), '5 11497 10000 -479 -140 619',
          'other months, failures and other merchants do not count');
select is(pg_temp.corrected('2026-04-01'), '1 5000 0 0 0 0',
          'a month begins with its first instant, in UTC');

-- exactly at the second tier: 885.03 more; tax 147.51 (147.505), share 30 % of
-- 737.52 = 221.26 (221.256), fee 44.35 (44.2515 + 0.10)
select pg_temp.sold('2026-03-20Z', '{88503}') \gset ignore_
-- tax 166.66; 20 % of 833.34 are 166.67 (166.668), of 250.01 posted; 3 % of
-- 1,000.00 are 30.00, of 50.60 posted
select is(pg_temp.corrected('2026-03-01'), '6 100000 100000 -8334 -2060 10394',
          'the second tier, reached exactly');

-- 200.00 captured of 500.00: 33.33 tax, 50.00 share and 10.04 fee were posted;
-- 25 % of 166.67 are 41.67 (41.6675), 4 % of 200.00 and 0.4 * 0.05 are 8.02
insert into op (id, key, merchant, amount, pseudonym, manual)
values (id_first(1778000000000), 'part', 5, 50000, 220, true);
select count(*) from pg_temp.create_ops() \gset ignore_
select count(*) from pg_temp.finish(id_first(1778000000000), 'reserved')
    \gset ignore_
select count(*) from payment_capture(5, false, id_first(1778000000000), 20000,
                                     7) \gset ignore_
select count(*) from pg_temp.finish(id_first(1778000000000), 'succeeded')
    \gset ignore_
select pg_temp.posted_at(array[id_first(1778000000000)], '2026-05-20Z')
    \gset ignore_
select is(pg_temp.corrected('2026-05-01'), '1 20000 10000 -833 -202 1035',
          'of a reservation counts what was captured');

-- half of it is paid back: 16.66 tax, 25.00 share and 5.02 fee are left; 25 %
-- of 83.34 are 20.84 (20.835), 4 % of 100.00 and 0.2 * 0.05 are 4.01
select count(*) from refund_begin(id_first(1778100000000), 5, false,
    id_first(1778000000000), 10000, null, md5('back')::uuid, md5('')::uuid)
    \gset ignore_
select is(pg_temp.corrected('2026-05-01'), '1 20000 10000 -833 -202 1035',
          'a refund that is on its way counts for nothing');
select count(*) from refund_finish(id_first(1778100000000), 'succeeded', null,
                                   null, null, null) \gset ignore_
select pg_temp.posted_at(array[id_first(1778000000000)], '2026-05-20Z')
    \gset ignore_
select is(pg_temp.corrected('2026-05-01'), '1 10000 10000 -416 -101 517',
          'what was paid back was not sold');

-- what the merchant sells under another contract counts for the volume alone

update contract set valid_to = now_ms() where id = :contract;
select contract_add(5, 'demo_fr', now_ms() + 1, null, 3000, 500, 10,
                    '{"(100000,3000,500,20)"}') as next \gset
select is(payments || ' ' || volume || ' ' || share, '6 100000 -8334',
          'the old contract has its payments')
  from contract_correction(:contract, pg_temp.ms('2026-03-01'),
                           pg_temp.ms('2026-04-01'));
select is(pg_temp.corrected('2026-03-01'), '0 100000 100000 0 0 0',
          'the next one has none, though the volume is reached');
select is_empty('select 1 from contract_correction(0, 0, 1)',
                'a contract that is none');

select * from finish();
rollback;
