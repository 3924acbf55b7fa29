-- Deploy carrierpay:outbox to pg
-- requires: event

begin;
set local role carrierpay_owner;
set local search_path = carrierpay, pg_temp;

-- The deliveries still owed.  A row waits in the queue of its endpoint until
-- due_at; outbox_due tells which endpoints have work.  A lease has a token,
-- and due_at is when it ends.  A new row has an entry in the first two
-- indexes, and a leased one in the other two.  The planner may think that a
-- partial index is empty, and then takes any whose predicate holds; so the
-- predicates are written such that each query's is that of one index alone.
--
-- No primary key, for the same reason: the rows are written together with
-- their event, which is unique.
--
-- Vacuumed as payment_due is.
create table outbox (
    due_at      bigint not null,
    payment_id  bigint not null,        -- or the payout: identifiers are
                                        -- made once
    token       bigint,
    endpoint_id int not null,
    attempts    int not null default 0,
    seq         smallint not null
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
        autovacuum_analyze_scale_factor = 0,
        autovacuum_analyze_threshold = 50000,
        autovacuum_vacuum_insert_threshold = -1,
        autovacuum_vacuum_cost_delay = 0, vacuum_truncate = false);

create index outbox_due on outbox (due_at) where coalesce(token, 0) = 0;
create index outbox_queue on outbox (endpoint_id, due_at)
    where token is null;
create unique index outbox_leased on outbox (payment_id, endpoint_id, seq)
    where token is not null;
create index outbox_leases on outbox (due_at) where coalesce(token, 0) <> 0;

-- Deliveries given up; an operator may move a row back.
create table outbox_dead (
    payment_id  bigint not null,
    endpoint_id int not null,
    attempts    int not null,
    seq         smallint not null,
    died_at     bigint not null,
    primary key (payment_id, seq, endpoint_id)
);

commit;
