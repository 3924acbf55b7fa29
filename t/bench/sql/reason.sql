-- Why a payment was not stored: its key belongs to an earlier one, whose
-- outcome is the answer, or a condition did not hold.

select case when p.request <> :request::uuid then 'mismatch'
            when p.id is not null and e.body is null then 'in_flight'
            when p.id is not null then 'replay'
            when s.msisdn is null then 'subscriber_unknown'
            when k.id is null then 'no_contract'
            when k.currency <> :currency::text then 'currency_mismatch'
            when exists (
                 select from block b
                  where b.msisdn_index = s.msisdn_index
                    and coalesce(b.merchant_id = n.merchant_id, true)
                    and (b.live or not n.live)) then 'blocked_by_subscriber'
            else 'amount_not_allowed' end as result, e.body
  from (values (:key::uuid, :subscriber::bigint, :merchant::int,
                :live::bool)) asked (key, subscriber, merchant, live)
  left join payment p on p.idempotency = asked.key
  left join event e on e.payment_id = p.id and e.seq = 1
  left join pseudonym n on n.id = asked.subscriber
   and n.merchant_id = asked.merchant and n.live = asked.live
   and n.known_since is not null
  left join subscriber s on s.id = n.subscriber_id
  left join contract k on k.merchant_id = n.merchant_id
   and k.operator = s.operator and k.live = n.live
   and k.valid_from <= now_ms() and coalesce(k.valid_to > now_ms(), true);
