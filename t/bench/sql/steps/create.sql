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

-- payment: the intent, judged and rated
insert into payment (id, amount, subscriber_id, pseudonym_id, attempt,
    consent_id, share, tax, fee, expires, merchant_id, contract_id, events,
    live, state, category, currency, operator, description, reference,
    return_url, metadata)
select :id::bigint, :amount::bigint, s.id, n.id, :id::bigint, n.consent_id,
       split_share(:amount::bigint, t.vat_bp, k.operator_share_bp),
       split_vat(:amount::bigint, t.vat_bp),
       split_fee(:amount::bigint, k.fee_bp, k.fee_fixed),
       :expires::bigint, n.merchant_id, k.id, 0, n.live, 'r', 'd',
       k.currency, s.operator, :description::text, :reference::text,
       :return_url::text, :metadata::text
  from idem i
  join pseudonym n on n.id = :subscriber::bigint
  join subscriber s on s.id = n.subscriber_id
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
