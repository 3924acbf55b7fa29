-- Deploy carrierpay:message_refund to pg
-- requires: message
-- requires: refund
-- requires: subscriber

-- Queues what tells the payer of a refund: by SMS to the line that paid, and
-- by e-mail to the address that the receipt went to, where the caller gives an
-- id for one.
--
-- Called in the transaction of refund_finish.

begin;
set local role carrierpay_owner;

create function carrierpay.message_refund(p carrierpay.payment,
    p_refund_id bigint, p_sms_id bigint, p_mail_id bigint, p_now bigint)
returns void
language plpgsql
set search_path = carrierpay, pg_temp
as $$
declare
    c_lifetime constant bigint := 86400000;
begin
    with told as (
        select r.*
          from (select s.msisdn, s.msisdn_index from (select 1) one
                  left join subscriber s on s.id = p.subscriber_id) s
         cross join lateral (values
               (p_sms_id, 's'::"char", s.msisdn, s.msisdn_index),
               (p_mail_id, 'm'::"char", p.email, null::bytea))
               as r (id, channel, recipient, recipient_index)
         where r.id is not null and r.recipient is not null
    ), written as (
        insert into message (id, at, deadline, payment_id, refund_id,
                             merchant_id, channel, kind, locale, operator,
                             recipient, recipient_index)
        select t.id, p_now, p_now + c_lifetime, p.id, p_refund_id,
               p.merchant_id, t.channel, 'refund',
               coalesce(p.locale, p.language), p.operator, t.recipient,
               t.recipient_index
          from told t
    )
    insert into message_due (message_id, due_at)
    select t.id, p_now from told t;
end
$$;

revoke all on function carrierpay.message_refund from public;

commit;
