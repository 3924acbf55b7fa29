-- Deploy carrierpay:pin_attempt to pg
-- requires: pin
-- requires: payment
-- requires: basics

-- May a PIN be tried for a payment?  The attempt is counted now, before the
-- worker compares the digits, so that parallel attempts cannot exceed the
-- limit; payment_begin takes back a right one.  Results:
--
--   go          compare with the hash of pin_id; `tries_left` after this one,
--               and `locks`: if it is wrong, the number has no more
--   none        no PIN has been sent, or its time is over
--   changed     meanwhile another line was asked (p_index is the caller's)
--   exhausted   this PIN has been tried too often
--   locked      too many wrong PINs were tried for the number
--   later       the visitor, or its block of addresses, has guessed wrong too
--               often: in wait_ms; tries_left is 0 when the PIN is over then
--   already, expired, not_found   the payment is not pending
--
-- elsewhere: the number, whose line lies in another cell; 'go' only when
-- pin_count says so there, too.
--
-- sends_left: how many more PINs the payment may have.  p_visitor and p_block
-- are null on a merchant's own page; p_proved: the visitor is a browser that
-- has proved the line before.
--
-- A merchant sees only its own payments; p_merchant_id null is the shopper's
-- page, which may see each of them.

begin;
set local role carrierpay_owner;

create function carrierpay.pin_attempt(p_payment_id bigint, p_merchant_id int,
    p_live bool, p_index bytea, p_attempt_id bigint, p_visitor bytea,
    p_block bytea, p_proved bool)
returns table (result text, pin_id bigint, tries_left int, operator text,
    mvno text, msisdn bytea, amount bigint, currency text, looked_up bool,
    sends_left int, wait_ms bigint, locks bool, elsewhere bytea, live bool)
language plpgsql security definer
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
as $$
#variable_conflict use_column
declare
    v_now     bigint := now_ms();
    v_limits  record;
    v_payment payment;
    v_pin     pin;
    v_left    int := 0;
    v_delay   bigint := 0;
    v_result  text;
    v_else    bool;
begin
    select * into v_limits from pin_limits();

    select * into v_payment from payment p
     where p.id = p_payment_id
       and (p_merchant_id is null
            or (p.merchant_id = p_merchant_id and p.live = p_live));

    select * into v_pin from pin n where n.payment_id = v_payment.id
       for update;

    v_result := case
        when v_payment.id is null then 'not_found'
        when v_payment.state = 'x' then 'expired'
        when v_payment.state <> 'p' then 'already'
        when v_payment.expires <= v_now then 'expired'
        when v_pin.payment_id is null
             or v_pin.sent_at + v_limits.lifetime_ms <= v_now then 'none'
        when v_pin.msisdn_index <> coalesce(p_index, v_pin.msisdn_index) then
            'changed'
        when v_pin.tries >= v_limits.tries then 'exhausted'
        else 'go' end;

    v_else := line_elsewhere(v_pin.msisdn_index);

    if v_result = 'go' and not v_else then
        select g.attempts_left into v_left
          from pin_attempts_left(v_pin.msisdn_index, v_payment.live,
                                 p_visitor, p_proved, v_now) g;

        v_delay := pin_delay(v_payment.live, p_visitor, p_block, p_proved,
                             v_now);

        v_result := case when v_left <= 0 then 'locked'
                         when v_delay > 0 then 'later'
                         else 'go' end;
    end if;

    if v_result = 'go' then
        update pin n set tries = n.tries + 1
         where n.payment_id = p_payment_id;
    end if;

    if v_result = 'go' and not v_else then
        insert into pin_failure (id, at, payment_id, msisdn_index, visitor,
                                 block, proved, live)
        values (p_attempt_id, v_now, p_payment_id, v_pin.msisdn_index,
                p_visitor, p_block, p_proved, v_payment.live);
    end if;

    return query
    select v_result, v_pin.pin_id,
           case v_result when 'go' then v_limits.tries - v_pin.tries - 1
                         when 'later' then
                             case when v_pin.sent_at + v_limits.lifetime_ms
                                       > v_now + v_delay
                                  then v_limits.tries - v_pin.tries
                                  else 0 end
                         else 0 end,
           v_pin.operator, v_pin.mvno, v_pin.msisdn, v_payment.amount,
           v_payment.currency, v_pin.looked_up,
           v_limits.sends - v_pin.sends,
           case v_result when 'later' then v_delay else 0 end,
           v_result = 'go' and v_left = 1,
           case when v_result = 'go' and v_else then v_pin.msisdn_index end,
           v_payment.live;
end
$$;

-- The store has lost a PIN, or it was used up before: what was entered was no
-- guess, and another PIN is needed.  'lost', or 'already': the payment is not
-- pending any more.
create function carrierpay.pin_lost(p_payment_id bigint, p_pin_id bigint,
    p_attempt_id bigint)
returns text
language plpgsql security definer
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
as $$
begin
    update pin n
       set sent_at = least(n.sent_at,
                           now_ms() - (pin_limits()).lifetime_ms)
     where n.payment_id = p_payment_id and n.pin_id = p_pin_id;

    delete from pin_failure f where f.id = p_attempt_id;

    return case when exists (select from payment p
                              where p.id = p_payment_id and p.state = 'p')
           then 'lost' else 'already' end;
end
$$;

revoke all on function carrierpay.pin_attempt, carrierpay.pin_lost
    from public;
grant execute on function carrierpay.pin_attempt, carrierpay.pin_lost
    to carrierpay;

commit;
