-- Deploy carrierpay:basics to pg
-- requires: schema

begin;
set local role carrierpay_owner;

-- Instants are ms since the Unix epoch.
create function carrierpay.now_ms() returns bigint
language sql volatile parallel safe
return (date_part('epoch', clock_timestamp()) * 1000)::bigint;

-- The instant that a journal is posted at.  The transaction has its number
-- when the clock is read: so when all transactions with a number below another
-- one's have ended, nothing can be posted any more at an instant before that
-- one began (see balance_fold).
create function carrierpay.post_ms() returns bigint
language sql volatile
return case when pg_current_xact_id() is not null then carrierpay.now_ms()
       end;

-- When an identifier was made, the first one of an instant, and its period of
-- 30 days, counted from 2025-01-01T00:00:00Z.
create function carrierpay.id_time(id bigint) returns bigint
language sql immutable parallel safe
return 1735689600000 + (id >> 22);

create function carrierpay.id_first(at bigint) returns bigint
language sql immutable parallel safe
return (at - 1735689600000) << 22;

create function carrierpay.id_period(id bigint) returns smallint
language sql immutable parallel safe
return ((id >> 22) / 2592000000)::smallint;

-- A delay with ten percent more or less, so that what failed together does
-- not come back together.
create function carrierpay.jitter_ms(seconds int) returns bigint
language sql volatile parallel safe
return (seconds * (900 + 200 * random()))::bigint;

-- When to ask again what became of a call that has been asked for so many
-- times, in ms: in 5 seconds, and later every 6 hours.
create function carrierpay.retry_ms(attempts int) returns bigint
language sql volatile parallel safe
return carrierpay.jitter_ms((array[5, 15, 60, 300, 900, 3600, 21600])[
                            least(attempts, 6) + 1]);

commit;
