-- Deploy carrierpay:pin_issue to pg
-- requires: pin
-- requires: message_add
-- requires: payment
-- requires: basics

-- A PIN of a payment, and the message that carries it.  The caller has put its
-- hash into Redis before.  Results:
--
--   issued      the message is queued; earlier PINs are dead; sends_left more
--               may be asked for, the next in wait_ms.  The same again when
--               p_pin_id is: a commit was in doubt
--   wait        too soon after the last one: in wait_ms
--   exhausted   the payment has had all that it may have
--   locked      too many wrong PINs were tried for the number: until wait_ms
--   already, expired, not_found   the payment is not pending
--
-- elsewhere: the last one went to another number than this one, which has got
-- none.  A shopper who has mistyped the number may correct it at once: the
-- first PIN that goes to another number waits for nothing, and counts.
-- tries_left: how often the last PIN may still be tried.  p_visitor and
-- p_proved: see pin_attempt.
--
-- Of a line that lies in another cell p_left and p_until say what pin_line has
-- answered there.
--
-- A merchant sees only its own payments; p_merchant_id null is the shopper's
-- page, which may see each of them.

begin;
set local role carrierpay_owner;

create function carrierpay.pin_issue(p_payment_id bigint, p_merchant_id int,
    p_live bool, p_pin_id bigint, p_operator text, p_mvno text,
    p_index bytea, p_msisdn bytea, p_message_id bigint, p_locale text,
    p_body bytea, p_looked_up bool, p_visitor bytea, p_proved bool,
    p_left bigint default null, p_until bigint default null)
returns table (result text, wait_ms bigint, sends_left int, elsewhere bool,
    tries_left int)
language plpgsql security definer
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
as $$
#variable_conflict use_column
declare
    -- late enough for a slow SMSC, and too late to be of use afterwards
    c_deadline constant int := 120000;
    v_now      bigint := now_ms();
    v_limits   record;
    v_payment  payment;
    v_pin      pin;
    v_left     record;
    v_wait     bigint;
    v_else     bool := false;
    v_tries    int;
begin
    select * into v_limits from pin_limits();

    select * into v_payment from payment p
     where p.id = p_payment_id
       and coalesce(p.merchant_id = p_merchant_id, true)
       and coalesce(p.live = p_live, true)
       for update;

    if not found then
        return query select 'not_found', 0::bigint, 0, false, 0;
        return;
    end if;

    if v_payment.state <> 'p' or v_payment.expires <= v_now then
        return query
        select case when v_payment.state in ('p', 'x') then 'expired'
                    else 'already' end, 0::bigint, 0, false, 0;
        return;
    end if;

    -- before the count of the number, as pin_attempt locks them
    select * into v_pin from pin n where n.payment_id = p_payment_id
       for update;

    if v_pin.pin_id = p_pin_id then
        return query
        select 'issued', coalesce(v_limits.waits_ms[v_pin.sends], 0)::bigint,
               v_limits.sends - v_pin.sends, false, v_limits.tries::int;
        return;
    end if;

    v_else := coalesce(v_pin.msisdn_index <> p_index, false);
    v_tries := case when v_pin.sent_at + v_limits.lifetime_ms > v_now then
                   v_limits.tries - v_pin.tries else 0 end;

    if v_pin.sends >= v_limits.sends then
        return query select 'exhausted', 0::bigint, 0, v_else, v_tries;
        return;
    end if;

    if p_left is null then
        select * into v_left
          from pin_attempts_left(p_index, v_payment.live, p_visitor, p_proved,
                                 v_now);
    else
        select p_left as attempts_left, p_until as until into v_left;
    end if;

    if v_left.attempts_left <= 0 then
        return query
        select 'locked', v_left.until - v_now, 0, v_else, 0;
        return;
    end if;

    -- one that was sent later than now was sent before the clock was set back
    v_wait := case when v_pin.sent_at <= v_now then
                  v_pin.sent_at + v_limits.waits_ms[v_pin.sends] - v_now end;

    if v_wait > 0 and not (v_else and v_pin.sends = 1) then
        return query
        select 'wait', v_wait, v_limits.sends - v_pin.sends, v_else, v_tries;
        return;
    end if;

    insert into pin (payment_id, pin_id, sent_at, sends, tries, operator,
                     mvno, looked_up, locale, msisdn_index, msisdn)
    values (p_payment_id, p_pin_id, v_now, 1, 0, p_operator, p_mvno,
            p_looked_up, p_locale, p_index, p_msisdn)
    on conflict (payment_id) do update
       set pin_id = excluded.pin_id, sent_at = v_now, sends = pin.sends + 1,
           tries = 0, operator = excluded.operator, mvno = excluded.mvno,
           looked_up = excluded.looked_up, locale = excluded.locale,
           msisdn_index = excluded.msisdn_index, msisdn = excluded.msisdn
    returning * into v_pin;

    perform message_add(p_message_id, 's', 'pin', c_deadline, p_payment_id,
                        v_payment.merchant_id, p_operator, p_locale, p_index,
                        p_msisdn, p_body);

    return query
    select 'issued', coalesce(v_limits.waits_ms[v_pin.sends], 0)::bigint,
           v_limits.sends - v_pin.sends, false, v_limits.tries::int;
end
$$;

-- The line that the last PIN of a payment went to, for a merchant who asks
-- for another; no row: there was none.
create function carrierpay.pin_last(p_payment_id bigint, p_merchant_id int,
    p_live bool)
returns table (operator text, mvno text, msisdn bytea, locale text)
language plpgsql stable security definer
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
as $$
begin
    return query
    select n.operator, n.mvno, n.msisdn, n.locale
      from pin n
      join lateral (
           select p.merchant_id, p.live from payment p
            where p.id = n.payment_id offset 0) p on true
     where n.payment_id = p_payment_id and p.merchant_id = p_merchant_id
       and p.live = p_live;
end
$$;

revoke all on function carrierpay.pin_issue, carrierpay.pin_last from public;
grant execute on function carrierpay.pin_issue, carrierpay.pin_last
    to carrierpay;

commit;
