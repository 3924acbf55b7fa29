-- Deploy carrierpay:basics to pg
-- requires: schema

begin;
set local role carrierpay_owner;

-- Instants are ms since the Unix epoch.
create function carrierpay.now_ms() returns bigint
language sql volatile parallel safe
return (date_part('epoch', clock_timestamp()) * 1000)::bigint;

-- A delay with ten percent more or less, so that what failed together does
-- not come back together.
create function carrierpay.jitter_ms(seconds int) returns bigint
language sql volatile parallel safe
return (seconds * (900 + 200 * random()))::bigint;

commit;
