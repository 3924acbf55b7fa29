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
    refund     smallint,            -- or chargeback, that it is about: its
                                    -- number
    primary key (payment_id, seq)
) partition by range (payment_id);

-- A letter a kind: those of a row and those of terminal states.
create function carrierpay.event_name(kind "char") returns text
language sql immutable parallel safe
return case kind when 'c' then 'payment.created'
                 when 'u' then 'payment.processing'  -- outcome unknown
                 when 'a' then 'payment.processing'  -- asked on the handset
                 when 't' then 'payment.attempt_failed'
                 when 's' then 'payment.succeeded'
                 when 'f' then 'payment.failed'
                 when 'x' then 'payment.expired'
                 when 'n' then 'payment.canceled'
                 when 'h' then 'payment.authorized'
                 when 'd' then 'payment.refunded'
                 when 'e' then 'payment.refund_failed'
                 when 'l' then 'payment.late_success'
                 when 'b' then 'payment.reversed'
                 when 'k' then 'payment.charged_back'
                 when 'v' then 'chargeback.reversed' end;

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

commit;
