-- Deploy carrierpay:idem to pg
-- requires: schema

-- The merchants' idempotency keys: which payment a key has made.  Keys are
-- hashes, which have no order, so they have a table of their own: a payment
-- then goes to the end of everything that it is written to but this.  A key
-- counts for 30 days at least: a batch looks into its own week, where the
-- primary key tells the same key, into the five before and into the next.

begin;
set local role carrierpay_owner;
set local search_path = carrierpay, pg_temp;

create table idem (
    key        uuid not null,       -- hash of merchant, mode and key
    request    uuid not null,       -- hash of the body
    payment_id bigint not null,
    week       smallint not null,
    primary key (key, week)
);

commit;
