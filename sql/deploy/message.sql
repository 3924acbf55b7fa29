-- Deploy carrierpay:message to pg
-- requires: merchant

-- What we write to people, by SMS and e-mail, and what they write to us.
-- Numbers, addresses and texts are sealed; a number is found by its index.

begin;
set local role carrierpay_owner;
set local search_path = carrierpay, pg_temp;

-- A letter a state, a word at the edge.
create function carrierpay.message_state(state "char") returns text
language sql immutable parallel safe
return case state when 'q' then 'queued' when 's' then 'sent'
                  when 'b' then 'buffered' when 'd' then 'delivered'
                  when 'u' then 'undelivered' when 'x' then 'expired'
                  when 'f' then 'failed' when 'n' then 'unknown' end;

-- A message to a shopper.  Its text is made of its kind, its payment and its
-- merchant when it is sent.  Only a PIN, which is stored nowhere else, is kept
-- here until then, sealed.
create table message (
    id              bigint primary key,
    at              bigint not null,
    deadline        bigint not null,    -- later it is not sent any more
    payment_id      bigint,
    reported_at     bigint,             -- of the last delivery report
    refund_id       bigint,
    price           bigint,             -- millionths, all parts together
    merchant_id     int,
    parts           smallint,
    state           "char" not null default 'q',
    channel         "char" not null check (channel in ('s', 'm')),
    kind            text not null,
    locale          text,
    operator        text,               -- of the line, for the route
    provider        text,               -- that has accepted it
    reference       text,               -- the provider's
    code            text,               -- of a delivery report
    currency        text,               -- of the price
    recipient_index bytea check (octet_length(recipient_index) = 32),
    recipient       bytea not null,
    body            bytea
) partition by range (id);

-- how many mails a payment has had
create index message_mail on message (payment_id) where channel = 'm';

-- The messages still to be sent.  Vacuumed as payment_due is.
create table message_due (
    message_id bigint primary key,
    due_at     bigint not null,
    token      bigint,
    attempts   int not null default 0,
    lost       bool not null default false  -- a lease: perhaps it was sent
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
        autovacuum_analyze_scale_factor = 0,
        autovacuum_analyze_threshold = 50000,
        autovacuum_vacuum_insert_threshold = -1,
        autovacuum_vacuum_cost_delay = 0, vacuum_truncate = false);

create index message_due_at on message_due (due_at);

-- What came by SMS.  Gateways repeat what they are not sure of: the second
-- one with the same id of theirs is not stored, see mo_take.
create table mo (
    id              bigint primary key,
    at              bigint not null,
    payment_id      bigint,
    merchant_id     int,                -- that it stopped
    provider        text not null,
    provider_id     text,
    action          text not null,
    receiver        text not null,      -- the short code
    sender_index    bytea check (octet_length(sender_index) = 32),
    sender          bytea not null,     -- sealed; as it came, if it is no
    body            bytea not null,     -- number; sealed
    check (sender_index is not null or action = 'unreadable')
) partition by range (id);

create index mo_provider on mo (provider_id, provider)
    where provider_id is not null;
create index mo_sender on mo (sender_index, at);

commit;
