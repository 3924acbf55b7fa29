-- Deploy carrierpay:event to pg
-- requires: payment
-- requires: merchant

begin;
set local role carrierpay_owner;
set local search_path = carrierpay, pg_temp;

-- What happened to a payment.  Most of it stands in the payment itself, which
-- does not change after its end; only what it does not tell has a row here,
-- and no row has a text: event_view shows every event of a payment, with the
-- payment as it was then.
create table event (
    payment_id bigint not null,
    at         bigint not null,
    seq        smallint not null,
    kind       "char" not null,
    primary key (payment_id, seq)
);

-- A letter a kind: those of a row and those of terminal states.
create function carrierpay.event_name(kind "char") returns text
language sql immutable parallel safe
return case kind when 'c' then 'payment.created'
                 when 'u' then 'payment.processing'  -- outcome unknown
                 when 'a' then 'payment.processing'  -- asked on the handset
                 when 's' then 'payment.succeeded'
                 when 'f' then 'payment.failed'
                 when 'x' then 'payment.expired'
                 when 'n' then 'payment.canceled' end;

create function carrierpay.event_refuse() returns trigger
language plpgsql
as $$
begin
    raise exception 'events are append-only'
        using errcode = 'restrict_violation';
end
$$;

create trigger event_refuse before update or delete or truncate on event
    for each statement execute function event_refuse();
alter table event enable always trigger event_refuse;

-- The deliveries still owed.  Each endpoint has a queue of its own, hence the
-- order of the index: a claim walks from endpoint to endpoint, and a dead
-- one's backlog is stepped over.  A lease is a due_at pushed forward, with a
-- token; the other indexes hold leased rows only, so a new row pays for one.
--
-- No primary key, for the same reason: the rows are written together with
-- their event, which is unique.
--
-- Vacuumed as payment_due is.
create table outbox (
    due_at      bigint not null,
    payment_id  bigint not null,
    token       bigint,
    endpoint_id int not null,
    attempts    int not null default 0,
    seq         smallint not null
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
        autovacuum_analyze_scale_factor = 0,
        autovacuum_analyze_threshold = 50000,
        autovacuum_vacuum_insert_threshold = -1,
        autovacuum_vacuum_cost_delay = 0, vacuum_truncate = false);

create index outbox_due on outbox (endpoint_id, due_at);
create unique index outbox_leased on outbox (payment_id, endpoint_id, seq)
    where token is not null;
create index outbox_leases on outbox (endpoint_id) where token is not null;

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
