-- The subscribers of the past: the merchant knows them all, all have agreed to
-- later charges, and have spent something.

insert into carrierpay.subscriber (id, msisdn_index, live, msisdn, operator)
select i, sha256(i::text::bytea), s.live, s.msisdn, s.operator
  from generate_series(1, :count) i,
       lateral (select * from carrierpay.subscriber limit 1) s;

insert into carrierpay.pseudonym (id, merchant_id, subscriber_id, live,
    known_since, consent_id, later_max, currency)
select i, n.merchant_id, i, n.live, n.known_since, n.consent_id, n.later_max,
       n.currency
  from generate_series(1, :count) i,
       lateral (select * from carrierpay.pseudonym limit 1) n;

insert into carrierpay.spend (msisdn_index, live, merchant_id, unasked,
    currency, day, day_total, week_total, month_total)
select s.msisdn_index, s.live, n.merchant_id, n.unasked, 'EUR',
       current_date - 1, 499, 499, 499
  from carrierpay.subscriber s,
       lateral (select 0 as merchant_id, false as unasked
                 union all
                select n.merchant_id, true from carrierpay.pseudonym n
                 where n.subscriber_id = s.id) n
on conflict (msisdn_index, live, merchant_id, unasked) do nothing;
