-- Deploy carrierpay:mail_add to pg
-- requires: message_add
-- requires: payment

-- Sends a receipt by e-mail, to an address that the shopper has entered on the
-- receipt's page.  Results: 'queued'; 'exhausted', the payment has had as many
-- mails as it may; 'not_found', there is no such payment or it is not paid.

begin;
set local role carrierpay_owner;

create function carrierpay.mail_add(p_payment_id bigint, p_message_id bigint,
    p_email bytea, p_locale text)
returns text
language plpgsql security definer
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
as $$
declare
    c_lifetime constant int := 86400000;
    v_payment  payment;
begin
    select * into v_payment from payment p
     where p.id = p_payment_id and p.state = 's'
       for update;

    if not found then
        return 'not_found';
    end if;

    if (select count(*) from message m
         where m.payment_id = p_payment_id and m.channel = 'm') >= 3 then
        return 'exhausted';
    end if;

    perform message_add(p_message_id, 'm', 'receipt', c_lifetime,
                        p_payment_id, v_payment.merchant_id,
                        v_payment.operator, p_locale, null, p_email, null);

    return 'queued';
end
$$;

revoke all on function carrierpay.mail_add from public;
grant execute on function carrierpay.mail_add to carrierpay;

commit;
