-- Deploy carrierpay:last_sender to pg
-- requires: message
-- requires: payment
-- requires: line

-- Which merchants have written to a number, and what last: that is what STOP
-- is an answer to (see mo_take).  Only a message about a payment counts, and
-- only one that a provider has accepted or a phone has reported.  The last one
-- may still turn out not to have reached the phone: then the one before it
-- counts, which had when this one was sent.
--
-- The rows of a number lie in the cell of its line, and messages with their
-- payments: what was sent, and what was not after all, is owed to that cell.
--
-- A table of its own, and no index of messages by their numbers: a message
-- then goes to the end of everything that it is written to.

begin;
set local role carrierpay_owner;
set local search_path = carrierpay, pg_temp;

create table last_sender (
    message_id      bigint not null,
    before_id       bigint,
    merchant_id     int not null,
    live            bool not null,
    elsewhere       bool not null default false,    -- the messages lie in
                                                    -- another cell
    recipient_index bytea not null,
    primary key (recipient_index, merchant_id, live)
) with (fillfactor = 80);

-- Notes that these messages about payments, to numbers, have been sent.
create function carrierpay.last_sender_note(p_id bigint[],
    p_payment_id bigint[], p_merchant_id int[], p_recipient_index bytea[])
returns void
language plpgsql
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
as $$
declare
    v_low  bigint;
    v_high bigint;
begin
    select min(id), max(id) into v_low, v_high from unnest(p_payment_id) as id;

    with sent as materialized (
        select p_id[i] as id, p_payment_id[i] as payment_id,
               p_merchant_id[i] as merchant_id, p.live,
               p_recipient_index[i] as recipient_index,
               line_elsewhere(p_recipient_index[i]) as elsewhere
          from generate_subscripts(p_id, 1) as i
         cross join lateral (
               select p.live from payment p
                where p.id = p_payment_id[i]
                  and p.id between v_low and v_high offset 0) p
         where p_merchant_id[i] is not null
           and p_recipient_index[i] is not null
    ), owed as (
        insert into line_due (payment_id, attempt, kind, msisdn_index,
                              merchant_id, live, due_at)
        select payment_id, id, 's', recipient_index, merchant_id, live,
               now_ms()
          from sent where elsewhere
    )
    insert into last_sender as l (message_id, merchant_id, live,
                                  recipient_index)
    select distinct on (recipient_index, merchant_id, live)
           id, merchant_id, live, recipient_index
      from sent where not elsewhere
     order by recipient_index, merchant_id, live, id desc
    on conflict (recipient_index, merchant_id, live) do update
       set before_id = case when exists (
                                select from message m
                                 where m.id = l.message_id
                                   and m.state in ('s', 'b', 'd'))
                       then l.message_id else l.before_id end,
           message_id = excluded.message_id
     where l.message_id < excluded.message_id;
end
$$;

-- A message of another cell was sent, 's', or has not reached the phone, 'u'.
create function carrierpay.last_sender_elsewhere(p_kind text,
    p_message_id bigint, p_index bytea, p_merchant_id int, p_live bool)
returns void
language plpgsql
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
as $$
begin
    if p_kind = 's' then
        insert into last_sender as l (message_id, merchant_id, live,
                                      elsewhere, recipient_index)
        values (p_message_id, p_merchant_id, p_live, true, p_index)
        on conflict (recipient_index, merchant_id, live) do update
           set before_id = l.message_id, message_id = excluded.message_id,
               elsewhere = true
         where l.message_id < excluded.message_id;

        return;
    end if;

    delete from last_sender l
     where l.recipient_index = p_index and l.merchant_id = p_merchant_id
       and l.live = p_live and l.message_id = p_message_id
       and l.before_id is null;

    update last_sender l set message_id = l.before_id, before_id = null
     where l.recipient_index = p_index and l.merchant_id = p_merchant_id
       and l.live = p_live and l.message_id = p_message_id;
end
$$;

revoke all on function last_sender_note, last_sender_elsewhere from public;

commit;
