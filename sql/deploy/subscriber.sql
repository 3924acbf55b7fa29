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
-- the first consent.  There are no foreign keys, for the reason above: the
-- functions that write here have just found or made what they refer to.
--
-- A consent alone makes no subscriber whom the merchant knows: the operator
-- may decline the charge, or the holder of the line may refuse it.  So the
-- merchant can charge by the id, without a page, only from the first payment
-- that has succeeded on, or from an import; nothing takes that back.  Whether
-- it can, and how much, is the consent's word: see allowance.
create table pseudonym (
    id            bigint primary key,
    merchant_id   int not null,
    subscriber_id bigint not null,
    live          bool not null,
    known_since   bigint,       -- null: no payment has succeeded yet
    consent_id    bigint,       -- of that payment, or of the import; the
                                -- newest that has allowed later charges, if
                                -- one has
    later_max     bigint,       -- of later charges in a month, by it; null:
                                -- none is allowed
    currency      text,         -- of later_max
    renewed       bigint,       -- when a block of purchases has ended; a
                                -- consent from before allows none
    unique (subscriber_id, merchant_id, live),
    check ((known_since is null) = (consent_id is null)
           and (later_max is null) = (currency is null)
           and (later_max is null
                or later_max > 0 and known_since is not null))
);

-- Those of these subscribers whose numbers were erased are about to get them
-- again: each may have another holder now, and no merchant knows that one yet.
create function carrierpay.subscriber_forget(p_id bigint[]) returns void
language plpgsql
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
as $$
begin
    update pseudonym n
       set known_since = null, consent_id = null, later_max = null,
           currency = null
     where n.known_since is not null
       and n.subscriber_id = any (array(
           select s.id from subscriber s
            where s.id = any (p_id) and s.msisdn is null));
end
$$;

revoke all on function subscriber_forget from public;

commit;
