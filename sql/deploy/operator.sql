-- Deploy carrierpay:operator to pg
-- requires: schema

begin;
set local role carrierpay_owner;
set local search_path = carrierpay, pg_temp;

-- A sandbox operator serves test mode and no other, so the mode is a
-- property of the operator that contracts can refer to.
create table operator (
    code        text primary key check (code ~ '^[a-z0-9_]{1,32}$'),
    name        text not null check (name <> ''),
    country     text not null check (country ~ '^[A-Z]{2}$'),
    currency    text not null check (currency ~ '^[A-Z]{3}$'),
    sandbox     bool not null default false,
    live        bool not null generated always as (not sandbox) stored,
    unique (code, currency, live)
);

commit;
