-- Deploy carrierpay:incident to pg
-- requires: schema

-- What the ledger was told and cannot be true beside what it has recorded:
-- an operator says that it has charged a payment that has failed, for
-- example.  The payment stays as it is, since a terminal state never changes;
-- operations find out what has happened, and say so here.  And payments whose
-- outcome no operator has told in three days.  And the same of payouts.
--
-- One contradiction is one row, however often it is told.

begin;
set local role carrierpay_owner;
set local search_path = carrierpay, pg_temp;

create table incident (
    id                 bigint generated always as identity primary key,
    at                 bigint not null,
    kind               text not null check (kind in (
                           'charged_not_recorded', 'recorded_not_charged',
                           'charged_twice', 'outcome_unknown',
                           'void_refused', 'reserved_not_recorded',
                           'refunded_not_recorded',
                           'recorded_not_refunded', 'refund_unknown',
                           'reversal_failed', 'paid_out_not_recorded',
                           'recorded_not_paid_out', 'payout_unknown',
                           'chargeback_held')),
    payment_id         bigint not null,    -- or the payout
    operator           text,
    recorded           text,        -- the state; null: no such payment
    recorded_reference text,        -- the operator's
    said               text not null,
    code               text,        -- of a failure
    reference          text,
    resolved_at        bigint,      -- null: it is open
    owner              text,        -- the person in charge
    unique nulls not distinct (payment_id, said, reference)
);

-- Only its resolution is written later.
create function carrierpay.incident_refuse() returns trigger
language plpgsql
as $$
begin
    raise exception 'incidents are not rewritten, and not deleted'
        using errcode = 'restrict_violation';
end
$$;

create trigger incident_fixed before update of id, at, kind, payment_id,
    operator, recorded, recorded_reference, said, code, reference on incident
    for each statement execute function incident_refuse();
alter table incident enable always trigger incident_fixed;

create trigger incident_refuse before delete or truncate on incident
    for each statement execute function incident_refuse();
alter table incident enable always trigger incident_refuse;

create index incident_open on incident (at) where resolved_at is null;

commit;
