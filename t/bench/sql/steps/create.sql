-- A payment and all that belongs to its intent, a statement for each table, in
-- a transaction whose statements do not wait for each other's answers.
-- Without a row in the first the others find nothing to do.

\startpipeline
begin;

-- payment: the intent, judged and rated
insert into payment (id, idempotency, request, amount, subscriber_id,
    pseudonym_id, attempt, share, tax, fee, created, expires, merchant_id,
    contract_id, events, live, state, currency, operator, description,
    reference, return_url, metadata)
select :id::bigint, :key::uuid, :request::uuid, :amount::bigint, s.id,
       n.id, :id::bigint,
       split_share(:amount::bigint, k.vat_bp, k.operator_share_bp),
       split_vat(:amount::bigint, k.vat_bp),
       split_fee(:amount::bigint, k.fee_bp, k.fee_fixed),
       now_ms(), :expires::bigint, n.merchant_id, k.id, 0, n.live, 'r',
       k.currency, s.operator, :description::text, :reference::text,
       :return_url::text, :metadata::text
  from pseudonym n
  join subscriber s on s.id = n.subscriber_id
  join contract k on k.merchant_id = n.merchant_id
   and k.operator = s.operator and k.live = n.live
 where n.id = :subscriber::bigint and n.merchant_id = :merchant::int
   and n.live = :live::bool and n.known_since is not null
   and s.msisdn is not null
   and k.currency = :currency::text and k.valid_from <= now_ms()
   and coalesce(k.valid_to > now_ms(), true)
   and :amount::bigint between 1 and split_limit()
   and split_payable(:amount::bigint, k.vat_bp, k.operator_share_bp,
                     k.fee_bp, k.fee_fixed) >= 0
   and not exists (
       select from block b
        where b.msisdn_index = s.msisdn_index
          and coalesce(b.merchant_id = n.merchant_id, true)
          and (b.live or not n.live))
on conflict (idempotency) do nothing
returning 'processing' as result, operator,
          (select s.msisdn from subscriber s where s.id = subscriber_id);

-- payment_due: when recovery must look at the intent
insert into payment_due (payment_id, due_at, token)
select id, created + 60000, id from payment where id = :id::bigint;

-- consent: given at an earlier payment
insert into consent (payment_id, at, merchant_id, method)
select id, created, merchant_id, 'subscriber'
  from payment where id = :id::bigint;

commit;
\endpipeline
