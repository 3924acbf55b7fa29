-- Deploy carrierpay:spend to pg
-- requires: basics

-- What lines have spent: one row a line, and another one for a merchant with
-- which the line has a limit of its own.  The totals have what was charged, is
-- being charged, and may have been charged, as long as that is unknown; so a
-- success writes nothing here, and a failure takes its amount back.
--
-- A row has one day, the last in which it was written; when that is past, the
-- total of the day starts again, and so do those of its week and its month.
-- Days never go back: a payment that is a little late, about midnight, counts
-- in the day that has begun.  Currencies are not added up: when the line
-- moves to an operator that bills in another, all totals start again.
--
-- The row of the line is also its lock.  A payment begins, and a block is
-- said to be in force, under that lock only, so that a line which was told
-- that it is blocked is not charged by a payment which had looked before.

begin;
set local role carrierpay_owner;
set local search_path = carrierpay, pg_temp;

-- What an update changes stands together, as in payment; no updated column
-- may be indexed.
create table spend (
    day_total    bigint not null default 0,
    week_total   bigint not null default 0,
    month_total  bigint not null default 0,
    day          date not null default '1970-01-01',
    merchant_id  int not null,      -- 0: with all merchants together
    live         bool not null,
    blocked      bool not null default false,   -- see block
    msisdn_index bytea not null check (octet_length(msisdn_index) = 32),
    currency     text not null default '',
    max_payment  bigint check (max_payment > 0),  -- the subscriber's own
    max_day      bigint check (max_day > 0),      -- limits, in the row of the
    max_week     bigint check (max_week > 0),     -- line
    max_month    bigint check (max_month > 0),
    primary key (msisdn_index, live, merchant_id)
) with (fillfactor = 70);

-- Makes the row of a line that has none.  An insert would wait for another
-- session that is making it; this does not, if it is not to: then the row may
-- still be missing.
create function carrierpay.spend_open(p_index bytea, p_live bool,
    p_wait bool)
returns void
language plpgsql
as $$
declare
    v_key bigint := hashtextextended(encode(p_index, 'hex'), p_live::int);
begin
    if p_wait then
        perform pg_advisory_xact_lock(v_key);
    elsif not pg_try_advisory_xact_lock(v_key) then
        return;
    end if;

    if not exists (select from spend s
                    where s.msisdn_index = p_index and s.live = p_live
                      and s.merchant_id = 0) then
        insert into spend (msisdn_index, live, merchant_id)
        values (p_index, p_live, 0);
    end if;
end
$$;

-- Locks one line, whose row is made if there is none.
create function carrierpay.spend_lock(p_index bytea, p_live bool)
returns void
language plpgsql
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
as $$
begin
    for turn in 1 .. 2 loop
        perform from spend s
          where s.msisdn_index = p_index and s.live = p_live
            and s.merchant_id = 0
            for no key update;

        exit when found;
        perform spend_open(p_index, p_live, true);
    end loop;
end
$$;

-- Waits for the lines of operations p_ord of a batch and locks them, in the
-- order of their keys, if they have a row.
create function carrierpay.spend_wait(p_ord int[], p_index bytea[],
    p_live bool[])
returns void
language plpgsql
as $$
begin
    perform from (select i from unnest(p_ord) as i
                   order by p_index[i], p_live[i]) o
      cross join lateral (
            select from spend s
             where s.msisdn_index = p_index[o.i] and s.live = p_live[o.i]
               and s.merchant_id = 0
               for no key update offset 0) s;
end
$$;

-- The limits that a subscriber has set; null is none.  For the roles that may
-- write the tables, such as the administrator's, and not for the service.
create function carrierpay.spend_own(p_index text, p_live bool,
    p_payment bigint, p_day bigint, p_week bigint, p_month bigint)
returns void
language plpgsql
set search_path = carrierpay, pg_temp
as $$
begin
    perform spend_lock(decode(p_index, 'hex'), p_live);

    update spend s
       set max_payment = p_payment, max_day = p_day, max_week = p_week,
           max_month = p_month
     where s.msisdn_index = decode(p_index, 'hex') and s.live = p_live
       and s.merchant_id = 0;
end
$$;

revoke all on function spend_open, spend_lock, spend_wait, spend_own
    from public;

commit;
