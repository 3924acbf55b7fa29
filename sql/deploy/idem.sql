-- Deploy carrierpay:idem to pg
-- requires: schema

-- The merchants' idempotency keys: which payment a key has made.  Keys are
-- hashes, which have no order, so they have a table of their own: a payment
-- then goes to the end of everything that it is written to but this.  A key
-- counts for 30 days at least: in its own period of 30 days the primary key
-- tells a key that is there already, and a batch looks into the one before.
-- Each is a partition; shorter ones would have smaller indexes, and more of
-- them would have to be looked into.

begin;
set local role carrierpay_owner;
set local search_path = carrierpay, pg_temp;

create table idem (
    key        uuid not null,       -- hash of merchant, mode and key
    request    uuid not null,       -- hash of the body
    payment_id bigint not null,
    period     smallint not null,
    primary key (key, period)
) partition by range (period);

commit;
