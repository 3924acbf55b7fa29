-- Deploy carrierpay:basics to pg
-- requires: schema

begin;
set local role carrierpay_owner;

-- Identifiers hold the number of the worker that made them: each process
-- takes one at its start, and 1024 starts later it may be taken again.
create sequence carrierpay.worker as int minvalue 0 maxvalue 1023 cycle;

create function carrierpay.worker_number() returns int
language plpgsql
set search_path = carrierpay, pg_temp
as $$
begin
    return nextval('worker');
end
$$;

revoke all on function carrierpay.worker_number from public;

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
