-- Deploy carrierpay:message_add to pg
-- requires: message
-- requires: basics

-- Puts one message into the queue, for the functions that write to a shopper.

begin;
set local role carrierpay_owner;

create function carrierpay.message_add(p_id bigint, p_channel "char",
    p_kind text, p_lifetime_ms int, p_payment_id bigint, p_merchant_id int,
    p_operator text, p_locale text, p_index bytea, p_recipient bytea,
    p_body bytea)
returns void
language plpgsql
set search_path = carrierpay, pg_temp
as $$
declare
    v_now bigint := now_ms();
begin
    insert into message (id, at, deadline, payment_id, merchant_id, channel,
                         kind, locale, operator, recipient, recipient_index,
                         body)
    values (p_id, v_now, v_now + p_lifetime_ms, p_payment_id, p_merchant_id,
            p_channel, p_kind, p_locale, p_operator, p_recipient, p_index,
            p_body);

    insert into message_due (message_id, due_at) values (p_id, v_now);
end
$$;

revoke all on function carrierpay.message_add from public;

commit;
