-- Deploy carrierpay:pin to pg
-- requires: schema

-- PINs sent by SMS.  The PIN itself is not here: its keyed hash lies in Redis,
-- for five minutes.  The attempts are counted here, for a count that Redis
-- lost would let a thief start over.

begin;
set local role carrierpay_owner;
set local search_path = carrierpay, pg_temp;

-- The last PIN of a payment, and the line that it went to.
create table pin (
    payment_id   bigint primary key,
    pin_id       bigint not null,       -- part of what is hashed
    sent_at      bigint not null,
    sends        smallint not null,     -- of the payment, all PINs together
    tries        smallint not null,     -- of this PIN
    operator     text not null,
    mvno         text,
    looked_up    bool not null,         -- the operator was asked whose it is
    locale       text,
    msisdn_index bytea not null check (octet_length(msisdn_index) = 32),
    msisdn       bytea not null         -- sealed
) partition by range (payment_id);

-- Guesses.  One is written before it is compared, and taken back when it was
-- right, so that neither many at once nor the death of a worker makes a free
-- one.  The visitor is a browser that has proved the line before, or an
-- address; neither is known on a merchant's own page.  What is tried in test
-- mode counts there alone.
create table pin_failure (
    id           bigint primary key,
    at           bigint not null,
    payment_id   bigint not null,
    msisdn_index bytea not null,
    visitor      bytea,                 -- keyed hashes
    block        bytea,                 -- of addresses
    proved       bool not null,         -- the visitor is such a browser
    live         bool not null
) partition by range (id);

create index pin_failure_number on pin_failure (msisdn_index, at);
create index pin_failure_visitor on pin_failure (visitor, at)
    where visitor is not null;
create index pin_failure_block on pin_failure (block, at)
    where block is not null;

-- What a PIN is allowed: the numbers of NIST SP 800-63B and of our own.
--
--   failures      guesses about a number in window_ms, by strangers
--   own_failures  by a browser that has proved the line,
--   all_failures  and by all such browsers together: thirty, with those that
--                 one who has held the line before makes as a stranger
--   delays_ms     after so many wrong guesses a visitor waits so long; the
--                 last one is for all further ones.  None is as long as a PIN
--                 lives: a PIN that is sent to a visitor who waits can be
--                 entered when the wait is over
--   block_free    wrong guesses of a block of addresses; after that there is
--   block_ms      one guess in this time
create function carrierpay.pin_limits(out lifetime_ms bigint, out tries int,
    out failures int, out own_failures int, out all_failures int,
    out window_ms bigint, out sends int, out waits_ms int[],
    out delays_ms int[], out block_free int, out block_ms int)
language sql immutable parallel safe
return (300000::bigint, 5, 10, 10, 20, 86400000::bigint, 4,
        array[30000, 60000, 120000],
        array[0, 0, 0, 0, 10000, 30000, 60000, 120000, 240000],
        50, 10000);

-- How many guesses about a number a visitor has left, 0: none before `until`;
-- waits for others that count the same.  A browser that has proved the line is
-- counted apart from strangers: they could lock its owner out otherwise.
create function carrierpay.pin_attempts_left(p_index bytea, p_live bool,
    p_visitor bytea, p_proved bool, p_now bigint, out attempts_left int,
    out until bigint)
language plpgsql
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
as $$
declare
    v_limits record;
    v_after  bigint;
    v_max    int;
begin
    select * into v_limits from pin_limits();

    perform pg_advisory_xact_lock(hashtextextended(encode(p_index, 'hex'),
                                                   1885956973));

    v_after := p_now - v_limits.window_ms;
    v_max := case when p_proved then v_limits.own_failures
                  else v_limits.failures end;

    select v_max - count(*), min(f.at) + v_limits.window_ms
      into attempts_left, until
      from (select f.at from pin_failure f
             where f.msisdn_index = p_index and f.at > v_after
               and f.live = p_live and f.proved = p_proved
               and (not p_proved or f.visitor = p_visitor)
             order by f.at desc
             limit v_max) f;

    if p_proved then
        attempts_left := greatest(0, least(attempts_left,
            v_limits.all_failures - (
            select count(*) from pin_failure f
             where f.msisdn_index = p_index and f.at > v_after
               and f.live = p_live and f.proved)));
    end if;

    until := coalesce(until, p_now);
end
$$;

-- For how many ms a visitor has to wait before the next guess, about whatever
-- number; waits for other guesses of the visitor.  Those of a block are not
-- waited for: its delay spares a number that all others share.
create function carrierpay.pin_delay(p_live bool, p_visitor bytea,
    p_block bytea, p_proved bool, p_now bigint)
returns bigint
language plpgsql
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
as $$
declare
    v_limits record;
    v_own    record;
    v_all    record;
    v_until  bigint := 0;
begin
    if p_visitor is null then
        return 0;
    end if;

    select * into v_limits from pin_limits();

    perform pg_advisory_xact_lock(hashtextextended(encode(p_visitor, 'hex'),
                                                   1885956974));

    select count(*) as n, max(f.at) as last into v_own from pin_failure f
     where f.visitor = p_visitor and f.at > p_now - v_limits.window_ms
       and f.live = p_live;

    if v_own.n > 0 then
        v_until := v_own.last + v_limits.delays_ms[
                       least(v_own.n, cardinality(v_limits.delays_ms))];
    end if;

    if not p_proved then
        select count(*) as n, max(f.at) as last into v_all from pin_failure f
         where f.block = p_block and f.at > p_now - v_limits.window_ms
           and f.live = p_live;

        if v_all.n >= v_limits.block_free then
            v_until := greatest(v_until, v_all.last + v_limits.block_ms);
        end if;
    end if;

    return greatest(0, v_until - p_now);
end
$$;

revoke all on function pin_attempts_left, pin_delay, pin_limits from public;

commit;
