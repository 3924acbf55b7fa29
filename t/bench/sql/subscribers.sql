-- The subscribers of the past, and the merchant knows them all.

insert into carrierpay.subscriber (id, msisdn_index, live, msisdn, operator)
select i, sha256(i::text::bytea), s.live, s.msisdn, s.operator
  from generate_series(1, :count) i,
       lateral (select * from carrierpay.subscriber limit 1) s;

insert into carrierpay.pseudonym (id, merchant_id, subscriber_id, live,
    known_since, consent_id)
select i, n.merchant_id, i, n.live, n.known_since, n.consent_id
  from generate_series(1, :count) i,
       lateral (select * from carrierpay.pseudonym limit 1) n;
