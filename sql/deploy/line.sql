-- Deploy carrierpay:line to pg
-- requires: cell
-- requires: subscriber
-- requires: spend

-- What is known of a line (its subscriber, what it has spent, its blocks) lies
-- in one cell, that of its number, whose payments may lie in others.  A
-- payment is charged only when its amount is counted on the line:
--
--   1. line_reserve, in the cell of the line, counts the amount, and notes it
--      in line_hold: held for this attempt, which may begin until an instant;
--   2. payment_create or payment_begin, in the cell of the payment, begins the
--      attempt, and not after that instant.
--
-- A success needs nothing more.  A failure writes, with the outcome, a row of
-- line_due, which a worker carries to the cell of the line: line_settle takes
-- the amount back there, once for each attempt.  If a worker dies between 1
-- and 2, the hold is found when its time is over: the cell of the payment says
-- whether the attempt has begun (payment_begun).  If it has, only the hold
-- goes; if not, the amount is taken back.
--
-- Whether a merchant knows the subscriber, and what it may charge without a
-- page, is what the pseudonym in the cell of the line says: a success brings
-- the consent there, by a row of line_due, too, and a block ends it there.  In
-- the cell of the payment the subscriber and the pseudonym are copies.
--
-- Invariants: what a line has spent includes the amount of each attempt that
-- was begun and has not failed; no attempt begins that was not counted; each
-- count that no attempt was begun for is taken back.

begin;
set local role carrierpay_owner;
set local search_path = carrierpay, pg_temp;

-- Does a line lie in another cell?  As in
-- ngx_carrierpay/core/ledger/ngx_carrierpay_ledger.c
create function carrierpay.line_elsewhere(p_index bytea) returns bool
language sql stable
return (select get_byte(p_index, 0) % c.lines <> c.number
          from carrierpay.cell c where c.one);

-- Amounts that were counted for attempts of other cells.
create table line_hold (
    payment_id   bigint not null,
    attempt      bigint not null,
    amount       bigint not null,
    until        bigint not null,       -- the attempt begins before, or not
    due_at       bigint not null,       -- when a worker looks at it
    day          date not null,         -- in which it was counted,
    merchant_id  int not null,
    live         bool not null,
    apart        bool not null,         -- and with the merchant, too
    currency     text not null,
    msisdn_index bytea not null,
    primary key (payment_id, attempt)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
        autovacuum_vacuum_cost_delay = 0, vacuum_truncate = false);

create index line_hold_due on line_hold (due_at);

-- What payments of this cell owe to lines of other cells: 'r', the amount of
-- an attempt that has failed is taken back; 'k', the merchant knows the
-- subscriber, by this consent, which allows later charges of this amount in a
-- month, or of none; 's', the merchant's message `attempt` was sent to the
-- number, and 'u', it has not reached the phone (see last_sender).
create table line_due (
    id           bigint primary key generated always as identity,
    payment_id   bigint not null,
    attempt      bigint not null,
    due_at       bigint not null,
    token        bigint,
    pseudonym_id bigint,
    consent_id   bigint,
    amount       bigint,
    attempts     int not null default 0,
    merchant_id  int not null,
    day          date,
    live         bool not null,
    apart        bool,
    kind         "char" not null,
    currency     text,
    msisdn_index bytea not null
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
        autovacuum_vacuum_cost_delay = 0, vacuum_truncate = false);

create index line_due_at on line_due (due_at);

-- What was taken back already: a worker that died may have done it, and not
-- told, so it comes again.
create table line_settled (
    payment_id bigint not null,
    due        bigint not null,
    primary key (payment_id, due)
) partition by range (payment_id);

-- Takes amounts back from lines, as spend_release does: it waits for the
-- lines, in the order of their keys, and locks them.  p_unasked: without a
-- page.
create function carrierpay.line_back(p_index bytea[], p_live bool[],
    p_merchant_id int[], p_apart bool[], p_unasked bool[], p_currency text[],
    p_day date[], p_amount bigint[])
returns void
language plpgsql
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
set enable_memoize = off
set enable_nestloop = on
as $$
begin
    perform spend_hold(array(select generate_subscripts(p_index, 1)), p_index,
                       p_live, true);
    perform spend_back(p_index, p_live, p_merchant_id, p_apart, p_unasked,
                       p_currency, p_day, p_amount);
end
$$;

revoke all on function line_elsewhere, line_back from public;

commit;
