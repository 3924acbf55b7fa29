-- Deploy carrierpay:contract_correction to pg
-- requires: contract
-- requires: balance
-- requires: split

-- Payments are rated by the terms of their contract; its tiers are for a month
-- as a whole, and are settled when that is over: this is the difference.
--
-- The volume is what the merchant has sold at the operator in the month, under
-- any contract: the gross amounts that were posted in it, less the refunds and
-- chargebacks.
-- The highest tier that it reaches holds for all that the contract has sold.
-- Share and fee are computed from the month's sums and rounded once; of a part
-- the fixed fee counts as that part, as it was rated, and is given back with a
-- refund.  What the operator and we get less, the merchant gets more: the
-- three add up to zero.  No tier is reached: zeros, and from_volume is null.
--
-- The month is from an instant on and before another one.  What was posted is
-- read as it is counted (see balance): exact when the mark is behind the
-- month.  The function is for the roles that may read the tables, not for the
-- service.

begin;
set local role carrierpay_owner;

create function carrierpay.contract_correction(p_contract_id int,
    p_from bigint, p_until bigint)
returns table (payments bigint, volume bigint, from_volume bigint,
    share bigint, fee bigint, payable bigint)
language sql stable
set search_path = carrierpay, pg_temp
as $$
    with sold as (
        select coalesce(sum(t.gross), 0)::bigint as volume,
               coalesce(sum(t.payments) filter (where own and t.kind = 'c'),
                        0)::bigint as payments,
               sum(t.wholes) filter (where own) as wholes,
               sum(t.gross) filter (where own)::bigint as amount,
               sum(t.tax) filter (where own)::bigint as tax,
               sum(t.share) filter (where own)::bigint as share,
               sum(t.fee) filter (where own)::bigint as fee
          from contract k
          join contract o
            on o.merchant_id = k.merchant_id and o.operator = k.operator
           and o.live = k.live
          left join turnover t
            on t.contract_id = o.id and t.kind <> 's'
           and t.at >= p_from and t.at < p_until
         cross join lateral (select o.id = k.id as own) w
         where k.id = p_contract_id
        having count(*) > 0
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
$$;

commit;
