-- Deploy carrierpay:payment to pg
-- requires: subscriber
-- requires: category

begin;
set local role carrierpay_owner;
set local search_path = carrierpay, pg_temp;

-- A letter a state, a word at the edge.
create function carrierpay.state_name(state "char") returns text
language sql immutable parallel safe
return case state when 'p' then 'pending' when 'r' then 'processing'
                  when 'a' then 'authorized'
                  when 's' then 'succeeded' when 'f' then 'failed'
                  when 'c' then 'canceled' when 'x' then 'expired' end;

-- No foreign keys here and below: each would cost a lookup and a row lock a
-- payment, and the locks on merchants, operators and contracts would make
-- their rows hot.  Rows come from our functions only, which take the ids
-- from the rows that they refer to.
--
-- Every payment is updated once or twice, often with its neighbours and in
-- one transaction.  Pages are filled to less than half (see partition), so
-- that the new versions, which are longer, find room beside the old ones (HOT:
-- no index is written), and no updated column may be indexed.  What an update
-- changes stands together, since the log of a change holds what lies between
-- the first and the last byte that differ.
--
-- The id tells when it was created.  `attempt` is the intent to charge: the
-- payment's own id when it was charged as it was made, without a page.
-- `consent_id` names what allows the charge; an intent without one is blocked.
-- A payment with a page that was declined is pending again, without an attempt
-- and all that came with it: see payment_decline.
--
-- A payment that is captured by hand is reserved first: it is authorized until
-- it is captured, wholly or in part, or its reservation is voided.  `hold`
-- says which of these calls is in flight; it is null for a charge, and for a
-- capture, which ends a payment as a charge does.
create table payment (
    id                 bigint primary key,
    amount             bigint not null,
    expires            bigint not null,
    later_max          bigint,      -- of later charges in a month that its
                                    -- consent is to allow; null: none
    attempt            bigint,
    consent_id         bigint,
    subscriber_id      bigint,
    pseudonym_id       bigint,
    share              bigint,      -- of the operator; rated when it begins,
    tax                bigint,      -- and posted when it succeeds
    fee                bigint,
    ended              bigint,      -- when the state became terminal
    captured           bigint,      -- of one that is captured by hand
    refunded           bigint,      -- paid back so far
    charged_back       bigint,      -- taken back by the operator
    held_until         bigint,      -- when a reservation is given up
    contract_id        int,
    spend_day          date,        -- in which the amount counts (see spend)
    merchant_id        int not null,
    events             smallint not null,   -- so far
    attempts           smallint,    -- that were declined; null: none
    live               bool not null,
    spend_apart        bool not null default false, -- and with its merchant
    outcome_unknown    bool not null default false,
    approval           bool not null default false, -- waits for the handset
    state              "char" not null,
    hold               "char",      -- 'r' reserve, 'v' void, 'x' void since
                                    -- it was not captured in time
    manual             bool not null default false, -- two steps
    category           "char" not null,         -- what is sold
    operator           text,
    language           text,        -- of the page that the payer confirmed
    failure_code       text,
    operator_reference text,
    currency           text not null,
    description        text,
    reference          text,
    return_url         text,
    metadata           text,
    locale             text,        -- as the merchant asked
    email              bytea,       -- sealed; where a receipt goes
    traceparent        text         -- of the request that has made it
) partition by range (id);

-- A terminal state never changes, not even for the owner.  The trigger fires
-- after the row is written, for a BEFORE trigger would lock each row first.
-- Its condition is all that the service's updates pay.
create function carrierpay.payment_terminal() returns trigger
language plpgsql
as $$
begin
    raise exception 'payment % is %, which is final', old.id,
        carrierpay.state_name(old.state)
        using errcode = 'restrict_violation';
end
$$;

create trigger payment_terminal after update on payment for each row
    when (old.state in ('s', 'f', 'c', 'x') and old.state <> new.state)
    execute function payment_terminal();
alter table payment enable always trigger payment_terminal;

-- What a payment is, and what its charge was rated at, never changes either;
-- a capture of a part is rated as that part, and what was declined is rated no
-- more.
-- These triggers fire for statements that name such a column, which those of
-- the service do not; payment_begin alone rates, once an attempt, and a
-- capture of a part rates that part.
create function carrierpay.payment_refuse() returns trigger
language plpgsql
as $$
begin
    raise exception 'payments are not rewritten, and not deleted'
        using errcode = 'restrict_violation';
end
$$;

create trigger payment_fixed before update of id, amount, merchant_id, live,
    currency, category, later_max on payment
    for each statement execute function payment_refuse();
alter table payment enable always trigger payment_fixed;

create trigger payment_rated after update of contract_id, share, tax, fee
    on payment for each row
    when (old.contract_id is not null and old.state <> 'a'
          and new.state <> 'p')
    execute function payment_refuse();
alter table payment enable always trigger payment_rated;

create trigger payment_refuse before delete or truncate on payment
    for each statement execute function payment_refuse();
alter table payment enable always trigger payment_refuse;

-- When a worker must look at a payment: when it expires, when its intent may
-- have been lost, when its operator is to be asked again.  A lease is a due_at
-- pushed forward, with a token: an identifier of the worker that holds it.  An
-- intent is one, too.  A payment that ends within a minute of its creation,
-- charged without a page or never confirmed, needs no row, for payment_sweep
-- finds those that have not ended.
--
-- A queue: rows come and go, so dead ones are swept early and often, and the
-- file is not given back (that would lock the table).
create table payment_due (
    payment_id bigint primary key,
    due_at     bigint not null,
    token      bigint,
    attempts   int not null default 0
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
        autovacuum_analyze_scale_factor = 0,
        autovacuum_analyze_threshold = 50000,
        autovacuum_vacuum_insert_threshold = -1,
        autovacuum_vacuum_cost_delay = 0, vacuum_truncate = false);

create index payment_due_at on payment_due (due_at);

commit;
