-- Deploy carrierpay:operator to pg
-- requires: currency
-- requires: category

begin;
set local role carrierpay_owner;
set local search_path = carrierpay, pg_temp;

-- A sandbox operator serves test mode and no other, so the mode is a
-- property of the operator that contracts can refer to.
create table operator (
    code        text primary key check (code ~ '^[a-z0-9_]{1,32}$'),
    name        text not null check (name <> ''),
    country     text not null check (country ~ '^[A-Z]{2}$'),
    currency    text not null references currency,
    sandbox     bool not null default false,
    live        bool not null generated always as (not sandbox) stored,

    -- the categories that it does not take on its bills, by law or by choice
    refuses     "char"[] not null default '{}'
                check (refuses <@ '{d,v,c,t,g}'),
    unique (code, currency, live)
);

commit;
