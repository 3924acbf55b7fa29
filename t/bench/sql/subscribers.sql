-- The subscribers of the past: the merchant knows them all, and all have
-- spent something.

insert into carrierpay.subscriber (id, msisdn_index, live, msisdn, operator)
select i, sha256(i::text::bytea), s.live, s.msisdn, s.operator
  from generate_series(1, :count) i,
       lateral (select * from carrierpay.subscriber limit 1) s;

insert into carrierpay.pseudonym (id, merchant_id, subscriber_id, live,
    known_since, consent_id)
select i, n.merchant_id, i, n.live, n.known_since, n.consent_id
  from generate_series(1, :count) i,
       lateral (select * from carrierpay.pseudonym limit 1) n;

insert into carrierpay.spend (msisdn_index, live, merchant_id, currency, day,
    day_total, week_total, month_total)
select s.msisdn_index, s.live, 0, 'EUR', current_date - 1, 499, 499, 499
  from carrierpay.subscriber s
on conflict (msisdn_index, live, merchant_id) do nothing;
