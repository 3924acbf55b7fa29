-- Deploy carrierpay:mo_take to pg
-- requires: message_add
-- requires: last_sender
-- requires: payment
-- requires: block
-- requires: basics

-- A mobile-originated message: kept, obeyed and answered, in one transaction.
-- Actions: 'stop' ends purchases from the merchant whose message about a
-- payment reached the number last (from all, if none has), 'stop_all' from
-- all.  A message of a test payment, which may be made with any number, counts
-- only if there is no other, and then for test mode alone (see block).  'help'
-- and 'info' are answered; 'answer', 'ask' and 'pay' are for a payment,
-- p_payment_id, and in its merchant's name, or for none that the caller could
-- find: 'ask' is answered with the price and the code to pay it with, p_reply,
-- 'pay' is the payer's word; 'none' is a word that means nothing here: it is
-- answered like 'help', once a day, so that two machines do not talk to each
-- other for ever, and for the same reason a number has at most ten answers an
-- hour, whatever it asks.
--
-- An 'unreadable' message has no sender that is a number, and p_index is null,
-- or no text of a known charset: it is kept for people to look at.
--
-- reply is the kind of the message that answers, or null.  A message that has
-- come before is 'repeated', and nothing is done.

begin;
set local role carrierpay_owner;

create function carrierpay.mo_take(p_id bigint, p_provider text,
    p_provider_id text, p_action text, p_receiver text, p_index bytea,
    p_sender bytea, p_body bytea, p_payment_id bigint, p_operator text,
    p_locale text, p_reply_id bigint, p_reply bytea, p_quiet bool)
returns table (result text, reply text)
language plpgsql security definer
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
as $$
#variable_conflict use_column
declare
    c_lifetime constant int := 600000;
    c_answers  constant int := 10;
    c_window   constant int := 3600000;
    v_now      bigint := now_ms();
    v_merchant int;
    v_live     bool;
    v_reply    text;
begin
    -- the same message may come to two workers at once
    perform pg_advisory_xact_lock(hashtextextended(
        p_provider || ' ' || p_provider_id, 1885956975));

    if exists (select from mo o
                where o.provider_id = p_provider_id
                  and o.provider = p_provider)
    then
        return query select 'repeated', null::text;
        return;
    end if;

    insert into mo (id, at, payment_id, provider, provider_id, action,
                    receiver, sender_index, sender, body)
    values (p_id, v_now, p_payment_id, p_provider, p_provider_id, p_action,
            p_receiver, p_index, p_sender, p_body);

    if p_payment_id is not null then
        select p.merchant_id into v_merchant from payment p
         where p.id = p_payment_id;
    else
        select l.merchant_id, l.live into v_merchant, v_live
          from last_sender l
         cross join lateral (
               select m.id from message m
                where m.id in (l.message_id, l.before_id)
                  and m.state in ('s', 'b', 'd') and not l.elsewhere
               union all
               select l.message_id where l.elsewhere
                order by 1 desc limit 1) m
         where l.recipient_index = p_index
         order by l.live desc, m.id desc
         limit 1;
    end if;

    v_reply := case p_action
        when 'stop' then
            case when v_merchant is null then 'stopped_all' else 'stopped' end
        when 'stop_all' then 'stopped_all'
        when 'ask' then 'ask'
        when 'answer' then
            case when p_payment_id is null then 'code_unknown'
                 else 'answered' end
        when 'pay' then
            case when p_payment_id is null then 'code_unknown'
                 else 'agreed' end
        when 'unreadable' then null
        when 'info' then 'info'
        when 'help' then 'help'
        else case when not exists (
                      select from mo o
                       where o.sender_index = p_index and o.action = 'none'
                         and o.at > v_now - 86400000 and o.id <> p_id) then
                      'help' end
        end;

    if p_action in ('stop', 'stop_all') then
        if v_reply = 'stopped_all' then
            v_merchant := null;
        end if;

        perform block_add(encode(p_index, 'hex'), v_merchant, 'sms',
                          v_merchant is null or v_live);
        update mo o set merchant_id = v_merchant where o.id = p_id;
    end if;

    if (select count(*) from mo o
         where o.sender_index = p_index and o.at > v_now - c_window)
       > c_answers
    then
        v_reply := null;
    end if;

    if v_reply is not null and not p_quiet then
        perform message_add(p_reply_id, 's', v_reply, c_lifetime,
                            p_payment_id, v_merchant, p_operator, p_locale,
                            p_index, p_sender, p_reply);
    end if;

    return query select 'taken', v_reply;
end
$$;

revoke all on function carrierpay.mo_take from public;
grant execute on function carrierpay.mo_take to carrierpay;

commit;
