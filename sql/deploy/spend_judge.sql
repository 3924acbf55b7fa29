-- Deploy carrierpay:spend_judge to pg
-- requires: spend
-- requires: spend_limit
-- requires: block
-- requires: subscriber

begin;
set local role carrierpay_owner;

-- What a payment is refused for; of several reasons the one that lasts longest
-- is told, which is the greatest.
create function carrierpay.spend_reason(reason int) returns text
language sql immutable parallel safe
return (array['limit_day', 'limit_week', 'limit_month', 'consent_exceeded',
              'over_limit', 'consent_required',
              'blocked_by_subscriber'])[reason];

-- May a line pay a merchant this amount now?  One row for the line with all
-- merchants together, and another one for the line with this merchant, if
-- some merchant may have limits by itself; and without a page, of the
-- subscriber p_pseudonym_id, one for what the merchant charges unasked, up to
-- what its consent allows (see allowance).  A row has the totals with the
-- amount in them, and the day in which they count; where the row of spend is
-- that they are of (tid; null: there is none yet); and what the payment is
-- refused for (null: nothing).
--
-- A line that has a day after the one that is now stays in it (see spend);
-- totals in another currency are none.
--
-- A plain query, which the planner puts into those that name it (see tariff).
create function carrierpay.spend_judge(p_index bytea, p_live bool,
    p_merchant_id int, p_currency text, p_amount bigint,
    p_pseudonym_id bigint, c carrierpay.spend_cap)
returns table (merchant_id int, unasked bool, tid tid, day date,
    day_total bigint, week_total bigint, month_total bigint, reason int)
language sql stable
as $$
    select t.merchant_id, t.unasked, t.tid, t.day, t.day_total, t.week_total,
           t.month_total,
           case when t.barred then 7
                when t.unasked and t.later_max is null then 6
                when p_amount > t.max_payment then 5
                when t.month_total > t.later_max then 4
                when t.month_total > t.max_month then 3
                when t.week_total > t.max_week then 2
                when t.day_total > t.max_day then 1 end
      from (select m.id as merchant_id, m.unasked, s.tid, n.later_max,
                   greatest(s.day, (c).day) as day,
                   case when s.day >= (c).day then s.day_total else 0 end
                       + p_amount as day_total,
                   case when s.day >= (c).week then s.week_total else 0 end
                       + p_amount as week_total,
                   case when s.day >= (c).month then s.month_total else 0 end
                       + p_amount as month_total,
                   s.barred,
                   least(s.max_payment, a.max_payment, case m.id when 0 then
                         (c).max_payment end) as max_payment,
                   least(s.max_day, a.max_day, case m.id when 0 then
                         (c).max_day end) as max_day,
                   least(s.max_week, a.max_week, case m.id when 0 then
                         (c).max_week end) as max_week,
                   least(s.max_month, a.max_month, case m.id when 0 then
                         (c).max_month end) as max_month
              from (values (0, false), (p_merchant_id, false),
                           (p_merchant_id, true)) m (id, unasked)
              left join lateral (
                   select s.ctid as tid,
                          case when s.currency = p_currency then s.day end
                              as day,
                          s.day_total, s.week_total, s.month_total,
                          s.max_payment, s.max_day, s.max_week, s.max_month,
                          s.blocked and exists (
                              select from carrierpay.block b
                               where b.msisdn_index = p_index
                                 and coalesce(b.merchant_id = p_merchant_id,
                                              true)
                                 and (b.live or not p_live)) as barred
                     from carrierpay.spend s
                    where s.msisdn_index = p_index and s.live = p_live
                      and s.merchant_id = m.id
                      and s.unasked = m.unasked offset 0) s on true
              left join lateral (
                   select n.later_max from carrierpay.pseudonym n
                    where m.unasked and n.id = p_pseudonym_id
                      and n.currency = p_currency offset 0) n on true
              left join lateral (
                   select min(l.max_payment) as max_payment,
                          min(l.max_day) as max_day,
                          min(l.max_week) as max_week,
                          min(l.max_month) as max_month
                     from carrierpay.spend_limit l
                    where m.id > 0 and not m.unasked and l.apart
                      and l.merchant_id = any (array[0, m.id])
                      and l.operator = (c).operator offset 0) a on true
             where m.id = 0
                or case when m.unasked then p_pseudonym_id is not null
                        else (c).apart end) t
    offset 0
$$;

revoke all on function carrierpay.spend_reason, carrierpay.spend_judge
    from public;

commit;
