-- A payment and all that belongs to its intent, a statement for each table, in
-- a transaction whose statements do not wait for each other's answers.
-- Without a row in the first the other finds nothing to do; when a condition
-- does not hold the key is kept, which only makes this rival faster.

\startpipeline
begin;

-- idem: the key, once
insert into idem (key, request, payment_id, period)
select :key::uuid, :request::uuid, :id::bigint, id_period(:id::bigint)
 where not exists (
       select from idem x
        where x.key = :key::uuid
          and x.period between id_period(:id::bigint) - 1
                           and id_period(:id::bigint))
on conflict (key, period) do nothing;

-- spend: the line's totals, if its limits leave room
insert into spend as s (msisdn_index, live, merchant_id, currency, day,
                        day_total, week_total, month_total)
select l.msisdn_index, n.live, 0, :currency::text, c.day, :amount::bigint,
       :amount::bigint, :amount::bigint
  from idem i
  join pseudonym n on n.id = :subscriber::bigint
  join subscriber l on l.id = n.subscriber_id
 cross join lateral (
       select (now() at time zone coalesce(min(m.time_zone), 'UTC'))::date
                  as day, least(min(m.max_payment), min(m.max_day),
                                min(m.max_week), min(m.max_month)) as most
         from spend_limit m
        where m.operator = l.operator and m.merchant_id = 0
          and not m.apart) c
 where i.key = :key::uuid and i.period = id_period(:id::bigint)
   and i.payment_id = :id::bigint and n.merchant_id = :merchant::int
   and n.live = :live::bool and n.known_since is not null
   and coalesce(:amount::bigint <= c.most, true)
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
       select from subscriber l
        cross join lateral (
              select min(m.max_day) as max_day, min(m.max_week) as max_week,
                     min(m.max_month) as max_month
                from spend_limit m
               where m.operator = l.operator and m.merchant_id = 0
                 and not m.apart) c
        where l.msisdn_index = s.msisdn_index and l.live = s.live
          and (excluded.day_total > s.max_payment
               or excluded.day_total + case when s.day >= excluded.day
                      then s.day_total else 0 end
                  > least(c.max_day, s.max_day)
               or excluded.week_total
                  + case when s.day >= date_trunc('week', excluded.day)
                         then s.week_total else 0 end
                  > least(c.max_week, s.max_week)
               or excluded.month_total
                  + case when s.day >= date_trunc('month', excluded.day)
                         then s.month_total else 0 end
                  > least(c.max_month, s.max_month)));

-- and what was charged without a page, if the consent leaves room
insert into spend as s (msisdn_index, live, merchant_id, unasked, currency,
                        day, day_total, week_total, month_total)
select x.msisdn_index, x.live, n.merchant_id, true, n.currency, x.day,
       :amount::bigint, :amount::bigint, :amount::bigint
  from pseudonym n
  join subscriber l on l.id = n.subscriber_id
  join spend x on x.msisdn_index = l.msisdn_index and x.live = l.live
   and x.merchant_id = 0 and x.xmin = pg_current_xact_id()::xid
 where n.id = :subscriber::bigint and n.currency = :currency::text
   and :amount::bigint <= n.later_max
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
 where excluded.month_total
       + case when s.day >= date_trunc('month', excluded.day)
              then s.month_total else 0 end
       <= (select n.later_max from pseudonym n
            where n.id = :subscriber::bigint);

-- payment: the intent, judged and rated
insert into payment (id, amount, subscriber_id, pseudonym_id, attempt,
    consent_id, share, tax, fee, expires, merchant_id, contract_id, spend_day,
    events, live, state, category, currency, operator, description, reference,
    return_url, metadata)
select :id::bigint, :amount::bigint, s.id, n.id, :id::bigint, n.consent_id,
       split_share(:amount::bigint, t.vat_bp, k.operator_share_bp),
       split_vat(:amount::bigint, t.vat_bp),
       split_fee(:amount::bigint, k.fee_bp, k.fee_fixed),
       :expires::bigint, n.merchant_id, k.id, x.day, 0, n.live, 'r', 'd',
       k.currency, s.operator, :description::text, :reference::text,
       :return_url::text, :metadata::text
  from idem i
  join pseudonym n on n.id = :subscriber::bigint
  join subscriber s on s.id = n.subscriber_id
  join spend x on x.msisdn_index = s.msisdn_index and x.live = s.live
   and x.merchant_id = n.merchant_id and x.unasked
   and x.xmin = pg_current_xact_id()::xid
  join contract k on k.merchant_id = n.merchant_id
   and k.operator = s.operator and k.live = n.live
 cross join lateral tariff(k.operator, 'd', now_ms()) t
 where i.key = :key::uuid and i.period = id_period(:id::bigint)
   and i.payment_id = :id::bigint
   and n.merchant_id = :merchant::int
   and n.live = :live::bool and n.known_since is not null
   and s.msisdn is not null
   and k.currency = :currency::text and k.valid_from <= now_ms()
   and coalesce(k.valid_to > now_ms(), true)
   and :amount::bigint between 1 and split_limit()
   and t.vat_bp is not null
   and price_allowed(:amount::bigint, t.amounts, t.lowest, t.highest, t.step)
   and split_payable(:amount::bigint, t.vat_bp, k.operator_share_bp,
                     k.fee_bp, k.fee_fixed) >= 0
   and not exists (
       select from block b
        where b.msisdn_index = s.msisdn_index
          and coalesce(b.merchant_id = n.merchant_id, true)
          and (b.live or not n.live))
returning 'processing' as result, operator,
          (select s.msisdn from subscriber s where s.id = subscriber_id),
          share, tax, fee;

commit;
\endpipeline
