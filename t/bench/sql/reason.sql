-- Why a payment was not stored: its key belongs to an earlier one, whose
-- outcome is the answer, or a condition did not hold.

select case when x.request <> :request::uuid then 'mismatch'
            when p.events = 0 then 'in_flight'
            when p.id is not null then 'replay'
            when s.msisdn is null then 'subscriber_unknown'
            when n.currency is distinct from :currency::text then
                'consent_required'
            when k.id is null then 'no_contract'
            when k.currency <> :currency::text then 'currency_mismatch'
            when t.vat_bp is null then 'category_not_allowed'
            when exists (
                 select from block b
                  where b.msisdn_index = s.msisdn_index
                    and coalesce(b.merchant_id = n.merchant_id, true)
                    and (b.live or not n.live)) then 'blocked_by_subscriber'
            else 'amount_not_allowed' end as result, p.id, p.operator,
       p.share, p.tax, p.fee, state_name(p.state) as state,
       p.failure_code as code
  from (values (:key::uuid, :subscriber::bigint, :merchant::int,
                :live::bool)) asked (key, subscriber, merchant, live)
  left join idem x on x.key = asked.key
   and x.period between id_period(:id::bigint) - 1 and id_period(:id::bigint)
  left join payment p on p.id = x.payment_id
  left join pseudonym n on n.id = asked.subscriber
   and n.merchant_id = asked.merchant and n.live = asked.live
   and n.known_since is not null
  left join subscriber s on s.id = n.subscriber_id
  left join contract k on k.merchant_id = n.merchant_id
   and k.operator = s.operator and k.live = n.live
   and k.valid_from <= now_ms() and coalesce(k.valid_to > now_ms(), true)
  left join lateral tariff(k.operator, 'd', now_ms()) t on true;
