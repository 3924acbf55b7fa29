-- Deploy carrierpay:message_report to pg
-- requires: message
-- requires: last_sender
-- requires: basics

-- Takes a delivery report.  Reports come late, twice and out of order, and a
-- message of several parts has one for each part.  So 'buffered' gives way to
-- any other state, 'delivered' to a failure, since a message is not complete
-- without the part that failed, and a failure stays.  A report proves that the
-- message was sent, even if the provider's answer to the sending was lost.
-- Results: 'taken', 'already', 'not_found'.

begin;
set local role carrierpay_owner;

create function carrierpay.message_report(p_id bigint, p_state text,
    p_code text)
returns text
language plpgsql security definer
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
as $$
declare
    v_now   bigint := now_ms();
    v_new   "char";
    v       message;
begin
    v_new := case p_state when 'buffered' then 'b' when 'delivered' then 'd'
                          when 'undelivered' then 'u'
                          when 'expired' then 'x' end;

    if v_new is null then
        raise exception 'no state of a message: %', p_state
            using errcode = 'invalid_parameter_value';
    end if;

    select * into v from message m
     where m.id = p_id and m.channel = 's' for update;

    if not found then
        return 'not_found';
    end if;

    if v.state in ('u', 'x') or v.state = v_new
       or (v.state = 'd' and v_new = 'b')
    then
        return 'already';
    end if;

    update message m
       set state = v_new, reported_at = v_now, code = p_code
     where m.id = p_id;

    if v.state not in ('s', 'b', 'd') and v_new in ('b', 'd') then
        perform last_sender_note(array[v.id], array[v.payment_id],
                                 array[v.merchant_id],
                                 array[v.recipient_index]);
    end if;

    if v_new in ('u', 'x') and line_elsewhere(v.recipient_index) then
        insert into line_due (payment_id, attempt, kind, msisdn_index,
                              merchant_id, live, due_at)
        select p.id, v.id, 'u', v.recipient_index, v.merchant_id, p.live, v_now
          from payment p where p.id = v.payment_id;
    end if;

    return 'taken';
end
$$;

revoke all on function carrierpay.message_report from public;
grant execute on function carrierpay.message_report to carrierpay;

commit;
