-- Deploy carrierpay:subscriber to pg
-- requires: merchant

begin;
set local role carrierpay_owner;
set local search_path = carrierpay, pg_temp;

-- A number, sealed, found by its keyed index.  Test mode has subscribers of
-- its own: the sandbox operator that a test names must not become the
-- network of a real number.
--
-- The operator has no foreign key: the check would lock the one row of the
-- operator (for key share) for every new subscriber, and all sessions would
-- write that row.  The functions that write here have found a contract with
-- the operator.
create table subscriber (
    id           bigint primary key,
    msisdn_index bytea not null check (octet_length(msisdn_index) = 32),
    live         bool not null,
    msisdn       bytea,                 -- sealed; null: erased
    operator     text not null,
    mvno         text,                  -- as the network said; null: nothing
    unique (msisdn_index, live)
);

-- A subscriber as one merchant knows it, by an id of the merchant's own, since
-- the first consent.  The foreign key to the subscriber is cheap, for only
-- payments of the same number lock that row.  There is none to the merchant,
-- for the reason above.
--
-- A consent alone makes no subscriber whom the merchant knows: the operator
-- may decline the charge, or the holder of the line may refuse it.  So the
-- merchant can charge by the id, without a page, only from the first payment
-- that has succeeded on, or from an import; nothing takes that back.
create table pseudonym (
    id            bigint primary key,
    merchant_id   int not null,
    subscriber_id bigint not null references subscriber,
    live          bool not null,
    consented_at  bigint not null,
    method        text not null,
    known_since   bigint,       -- null: no payment has succeeded yet
    unique (subscriber_id, merchant_id, live)
);

commit;
