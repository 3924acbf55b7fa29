-- Deploy carrierpay:pin_line to pg
-- requires: pin
-- requires: basics

-- The part of PINs that belongs to the number, for payments of other cells:
-- guesses are counted in the cell of its line (see pin_attempt).

begin;
set local role carrierpay_owner;

-- How many guesses there are left, before a PIN is sent (see pin_issue).
create function carrierpay.pin_line(p_index bytea, p_live bool,
    p_visitor bytea, p_proved bool)
returns table (attempts_left int, until bigint)
language plpgsql security definer
set search_path = carrierpay, pg_temp
as $$
begin
    return query
    select g.attempts_left, g.until
      from pin_attempts_left(p_index, p_live, p_visitor, p_proved, now_ms()) g;
end
$$;

-- Counts a guess, which the cell of the payment has let through: 'go',
-- 'locked' or 'later', with wait_ms and locks, as pin_attempt has them.
create function carrierpay.pin_count(p_attempt_id bigint,
    p_payment_id bigint, p_index bytea, p_live bool, p_visitor bytea,
    p_block bytea, p_proved bool)
returns table (result text, wait_ms bigint, locks bool)
language plpgsql security definer
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
as $$
#variable_conflict use_column
declare
    v_now    bigint := now_ms();
    v_left   int;
    v_delay  bigint;
    v_result text;
begin
    select g.attempts_left into v_left
      from pin_attempts_left(p_index, p_live, p_visitor, p_proved, v_now) g;
    v_delay := pin_delay(p_live, p_visitor, p_block, p_proved, v_now);

    v_result := case when v_left <= 0 then 'locked'
                     when v_delay > 0 then 'later'
                     else 'go' end;

    if v_result = 'go' then
        insert into pin_failure (id, at, payment_id, msisdn_index, visitor,
                                 block, proved, live)
        values (p_attempt_id, v_now, p_payment_id, p_index, p_visitor,
                p_block, p_proved, p_live);
    end if;

    return query
    select v_result, case v_result when 'later' then v_delay else 0 end,
           v_result = 'go' and v_left = 1;
end
$$;

-- It was no guess (see pin_lost).
create function carrierpay.pin_uncount(p_attempt_id bigint)
returns bool
language plpgsql security definer
set search_path = carrierpay, pg_temp
set enable_seqscan = off
as $$
begin
    delete from pin_failure f where f.id = p_attempt_id;

    return found;
end
$$;

revoke all on function carrierpay.pin_line, carrierpay.pin_count,
    carrierpay.pin_uncount from public;
grant execute on function carrierpay.pin_line, carrierpay.pin_count,
    carrierpay.pin_uncount to carrierpay;

commit;
