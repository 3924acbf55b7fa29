-- A payment and all that belongs to its intent, in one statement.  No row
-- comes back when a condition does not hold or the key was used before.

with judged as materialized (
    select n.id as pseudonym_id, n.merchant_id, n.live, n.consent_id,
           s.id as subscriber_id, s.operator, s.msisdn, s.msisdn_index,
           k.id as contract_id, k.currency, n.later_max, c.day, c.max_day,
           c.max_week, c.max_month,
           split_share(:amount::bigint, t.vat_bp, k.operator_share_bp)
               as share,
           split_vat(:amount::bigint, t.vat_bp) as tax,
           split_fee(:amount::bigint, k.fee_bp, k.fee_fixed) as fee
      from pseudonym n
      join subscriber s on s.id = n.subscriber_id
      join contract k on k.merchant_id = n.merchant_id
       and k.operator = s.operator and k.live = n.live
     cross join lateral tariff(k.operator, 'd', now_ms()) t
     cross join lateral (
           select (now() at time zone coalesce(min(l.time_zone), 'UTC'))::date
                      as day,
                  min(l.max_payment) as max_payment,
                  min(l.max_day) as max_day, min(l.max_week) as max_week,
                  min(l.max_month) as max_month
             from spend_limit l
            where l.operator = s.operator and l.merchant_id = 0
              and not l.apart) c
     where n.id = :subscriber::bigint and n.merchant_id = :merchant::int
       and n.live = :live::bool and n.known_since is not null
       and s.msisdn is not null
       and n.currency = :currency::text and :amount::bigint <= n.later_max
       and k.currency = :currency::text and k.valid_from <= now_ms()
       and coalesce(k.valid_to > now_ms(), true)
       and :amount::bigint between 1 and split_limit()
       and t.vat_bp is not null
       and price_allowed(:amount::bigint, t.amounts, t.lowest, t.highest,
                         t.step)
       and split_payable(:amount::bigint, t.vat_bp, k.operator_share_bp,
                         k.fee_bp, k.fee_fixed) >= 0
       and coalesce(:amount::bigint <= least(c.max_payment, c.max_day,
                                             c.max_week, c.max_month), true)
       and not exists (
           select from block b
            where b.msisdn_index = s.msisdn_index
              and coalesce(b.merchant_id = n.merchant_id, true)
              and (b.live or not n.live))
       and not exists (
           select from idem x
            where x.key = :key::uuid
              and x.period between id_period(:id::bigint) - 1
                               and id_period(:id::bigint))
), keyed as (
    -- idem: the key, once
    insert into idem (key, request, payment_id, period)
    select :key::uuid, :request::uuid, :id::bigint, id_period(:id::bigint)
      from judged
    on conflict (key, period) do nothing
    returning payment_id
), reserved as (
    -- spend: the line's totals, if its limits leave room
    insert into spend as s (msisdn_index, live, merchant_id, currency, day,
                            day_total, week_total, month_total)
    select j.msisdn_index, j.live, 0, j.currency, j.day, :amount::bigint,
           :amount::bigint, :amount::bigint
      from judged j, keyed
    on conflict (msisdn_index, live, merchant_id, unasked) do update
       set currency = excluded.currency, day = greatest(s.day, excluded.day),
           day_total = excluded.day_total
               + case when s.day >= excluded.day then s.day_total else 0 end,
           week_total = excluded.week_total
               + case when s.day >= date_trunc('week', excluded.day)
                      then s.week_total else 0 end,
           month_total = excluded.month_total
               + case when s.day >= date_trunc('month', excluded.day)
                      then s.month_total else 0 end
     where not exists (
           select from judged j
            where excluded.day_total > s.max_payment
               or excluded.day_total + case when s.day >= excluded.day
                      then s.day_total else 0 end
                  > least(j.max_day, s.max_day)
               or excluded.week_total
                  + case when s.day >= date_trunc('week', excluded.day)
                         then s.week_total else 0 end
                  > least(j.max_week, s.max_week)
               or excluded.month_total
                  + case when s.day >= date_trunc('month', excluded.day)
                         then s.month_total else 0 end
                  > least(j.max_month, s.max_month))
    returning s.day
), later as (
    -- spend: what was charged without a page, if the consent leaves room
    insert into spend as s (msisdn_index, live, merchant_id, unasked, currency,
                            day, day_total, week_total, month_total)
    select j.msisdn_index, j.live, j.merchant_id, true, j.currency, r.day,
           :amount::bigint, :amount::bigint, :amount::bigint
      from judged j, reserved r
    on conflict (msisdn_index, live, merchant_id, unasked) do update
       set currency = excluded.currency, day = greatest(s.day, excluded.day),
           day_total = excluded.day_total
               + case when s.day >= excluded.day then s.day_total else 0 end,
           week_total = excluded.week_total
               + case when s.day >= date_trunc('week', excluded.day)
                      then s.week_total else 0 end,
           month_total = excluded.month_total
               + case when s.day >= date_trunc('month', excluded.day)
                      then s.month_total else 0 end
     where not exists (
           select from judged j
            where excluded.month_total
                  + case when s.day >= date_trunc('month', excluded.day)
                         then s.month_total else 0 end
                  > j.later_max)
    returning s.day
), stored as (
    -- payment: the intent, judged and rated
    insert into payment (id, amount, subscriber_id, pseudonym_id, attempt,
        consent_id, share, tax, fee, expires, merchant_id, contract_id,
        spend_day, events, live, state, category, currency, operator,
        description, reference, return_url, metadata)
    select i.payment_id, :amount::bigint, j.subscriber_id, j.pseudonym_id,
           i.payment_id, j.consent_id, j.share, j.tax, j.fee,
           :expires::bigint, j.merchant_id, j.contract_id, r.day, 0, j.live,
           'r', 'd', j.currency, j.operator, :description::text,
           :reference::text, :return_url::text, :metadata::text
      from judged j, keyed i, later r
)
select 'processing' as result, operator, msisdn, share, tax, fee
  from judged, keyed, later;
