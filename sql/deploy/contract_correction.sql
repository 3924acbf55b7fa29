-- Deploy carrierpay:contract_correction to pg
-- requires: contract
-- requires: payment
-- requires: refund_part
-- requires: basics

-- Payments are rated by the terms of their contract; its tiers are for a month
-- as a whole, and are settled when that is over: this is the difference.
--
-- The volume is what the merchant has sold at the operator in the month, under
-- any contract: the gross amounts, of a capture what was captured, less what
-- was paid back by now, of the payments that were created in it (in UTC) and
-- have succeeded.  The highest tier that it reaches holds for all of the
-- contract's payments of the month.  Share and fee are computed from the
-- month's sums and rounded once; of a part the fixed fee counts as that part,
-- as it was rated, and given back with a refund.  What the operator and we get
-- less, the merchant gets more: the three add up to zero.  No tier is reached:
-- zeros, and from_volume is null.
--
-- It reads the payments of the month and changes nothing.  The function is for
-- the roles that may read the tables, not for the service.

begin;
set local role carrierpay_owner;

create function carrierpay.contract_correction(p_contract_id int,
    p_month date)
returns table (payments bigint, volume bigint, from_volume bigint,
    share bigint, fee bigint, payable bigint)
language sql stable
set search_path = carrierpay, pg_temp
as $$
    with terms as (
        select k.*, id_first((extract(epoch from m.first at time zone 'UTC')
                              * 1000)::bigint) as first_id,
               id_first((extract(epoch from (m.first + interval '1 month')
                                 at time zone 'UTC') * 1000)::bigint)
                   as next_id
          from contract k
         cross join (select date_trunc('month', p_month::timestamp) as first) m
         where k.id = p_contract_id
    ), sold as (
        select coalesce(sum(p.taken), 0)::bigint as volume,
               count(*) filter (where own) as payments,
               sum(p.taken::numeric / p.amount) filter (where own) as wholes,
               sum(p.taken) filter (where own)::bigint as amount,
               sum(p.tax - refund_part(p.tax, p.back, p.whole))
                   filter (where own)::bigint as tax,
               sum(p.share - refund_part(p.share, p.back, p.whole))
                   filter (where own)::bigint as share,
               sum(p.fee - refund_part(p.fee, p.back, p.whole))
                   filter (where own)::bigint as fee
          from (select p.*, w.*, w.whole - w.back as taken,
                       p.contract_id = k.id as own
                  from terms k
                  join payment p
                    on p.id >= k.first_id and p.id < k.next_id
                   and p.merchant_id = k.merchant_id
                   and p.operator = k.operator and p.live = k.live
                   and p.state = 's'
                 cross join lateral (
                       select coalesce(p.captured, p.amount) as whole,
                              coalesce(p.refunded, 0) as back) w) p
    ), due as (
        select s.payments, s.volume, t.from_volume,
               split_part(s.amount - s.tax, t.share_bp) - s.share as share,
               split_part(s.amount, t.fee_bp)
                   + round(s.wholes * t.fee_fixed)::bigint - s.fee as fee
          from sold s
          left join lateral (
               select t.* from contract_tier t
                where t.contract_id = p_contract_id
                  and t.from_volume <= s.volume
                order by t.from_volume desc
                limit 1) t on true
    )
    select payments, volume, from_volume, coalesce(share, 0),
           coalesce(fee, 0), -coalesce(share, 0) - coalesce(fee, 0)
      from due
     where exists (select from terms)
$$;

commit;
