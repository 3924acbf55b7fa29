-- Deploy carrierpay:message_receipts to pg
-- requires: message
-- requires: subscriber
-- requires: payment

-- Queues the receipts of payments that have just succeeded: by SMS to the line
-- that paid, and by e-mail to the address that the shopper or the merchant
-- gave.  p_ord holds the places of the operations to be served in the other
-- arrays.
--
-- Called in the transaction of payment_finish.

begin;
set local role carrierpay_owner;

create function carrierpay.message_receipts(p_payment_id bigint[],
    p_sms_id bigint[], p_mail_id bigint[], p_ord int[], p_now bigint)
returns void
language plpgsql
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
set enable_memoize = off
set enable_nestloop = on
as $$
declare
    c_lifetime constant bigint := 86400000;
    v_low      bigint;
    v_high     bigint;
begin
    select min(id), max(id) into v_low, v_high from unnest(p_payment_id) as id;

    with receipt as (
        select r.*
          from unnest(p_ord) as o
         cross join lateral (
               select p.id, p.merchant_id, p.operator, p.email,
                      coalesce(p.locale, p.language) as locale,
                      p.subscriber_id
                 from payment p
                where p.id = p_payment_id[o]
                  and p.id between v_low and v_high offset 0) p
          left join lateral (
               select s.msisdn, s.msisdn_index from subscriber s
                where s.id = p.subscriber_id offset 0) s on true
         cross join lateral (values
               (p_sms_id[o], 's'::"char", p.id, p.merchant_id, p.operator,
                p.locale, s.msisdn, s.msisdn_index),
               (p_mail_id[o], 'm'::"char", p.id, p.merchant_id, p.operator,
                p.locale, p.email, null::bytea))
               as r (id, channel, payment_id, merchant_id, operator, locale,
                     recipient, recipient_index)
         where r.id is not null and r.recipient is not null
    ), written as (
        insert into message (id, at, deadline, payment_id, merchant_id,
                             channel, kind, locale, operator, recipient,
                             recipient_index)
        select id, p_now, p_now + c_lifetime, payment_id, merchant_id,
               channel, 'receipt', locale, operator, recipient,
               recipient_index
          from receipt
    )
    insert into message_due (message_id, due_at)
    select id, p_now from receipt;
end
$$;

revoke all on function carrierpay.message_receipts from public;

commit;
