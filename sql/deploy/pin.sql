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
);

-- Guesses.  One is written before it is compared, and taken back when it was
-- right, so that neither many at once nor the death of a worker makes a free
-- one.
create table pin_failure (
    id           bigint primary key,
    at           bigint not null,
    payment_id   bigint not null,
    msisdn_index bytea not null
);

create index pin_failure_number on pin_failure (msisdn_index, at);

-- What a PIN is allowed: the numbers of NIST SP 800-63B and of our own.
create function carrierpay.pin_limits(out lifetime_ms bigint, out tries int,
    out failures int, out window_ms bigint, out sends int, out waits_ms int[])
language sql immutable parallel safe
return (300000::bigint, 5, 10, 86400000::bigint, 4,
        array[30000, 60000, 120000]);

-- Guesses about a number in 24 hours; waits for others that count the same.
create function carrierpay.pin_failures(p_index bytea, p_now bigint)
returns bigint
language plpgsql
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
as $$
begin
    perform pg_advisory_xact_lock(hashtextextended(encode(p_index, 'hex'),
                                                   1885956973));

    return (select count(*) from pin_failure f
             where f.msisdn_index = p_index
               and f.at > p_now - (pin_limits()).window_ms);
end
$$;

revoke all on function pin_failures, pin_limits from public;

commit;
