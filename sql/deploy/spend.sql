-- Deploy carrierpay:spend to pg
-- requires: cell
-- requires: basics

-- What lines have spent: one row a line, another one for a merchant with which
-- the line has a limit of its own, and another one for what a merchant charges
-- without a page (see allowance).  The totals have what was charged, is being
-- charged, and may have been charged, as long as that is unknown; so a success
-- writes nothing here, and a failure takes its amount back.
--
-- A row has one day, the last in which it was written; when that is past, the
-- total of the day starts again, and so do those of its week and its month.
-- Days never go back: a payment that is a little late, about midnight, counts
-- in the day that has begun.  Currencies are not added up: when the line
-- moves to an operator that bills in another, all totals start again.  What
-- may have counted before, until the end of the day `moved`, is not taken back
-- from them.
--
-- The row of the line is also the lock of all its rows, which only the session
-- that holds it writes.  (Advisory locks would cost less, but all sessions
-- share one table of them, of a fixed size, which large batches could fill.)
-- A payment begins, and a block is said to be in force, under that lock only,
-- so that a line which was told that it is blocked is not charged by a payment
-- which had looked before.

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
    moved        date not null default '1970-01-01',
    merchant_id  int not null,      -- 0: with all merchants together
    live         bool not null,
    unasked      bool not null default false,   -- without a page only
    blocked      bool not null default false,   -- see block
    msisdn_index bytea not null,
    currency     text not null default '',
    max_payment  bigint,            -- the subscriber's own limits, in the row
    max_day      bigint,            -- of the line
    max_week     bigint,
    max_month    bigint,
    primary key (msisdn_index, live, merchant_id, unasked),

    -- one, for each is parsed again by every statement that writes
    check (octet_length(msisdn_index) = 32
           and least(max_payment, max_day, max_week, max_month, 1) > 0)
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

-- Locks the lines of operations p_ord of a batch, in the order of their keys.
-- Returns the operations whose lines it has locked, and the how many-th each
-- is of its line; without p_wait a line that another session has locked is
-- passed over.  What a later statement reads of these lines is what stands.
--
-- A line without a row gets one, and then all are locked once more.  Of two
-- sessions that wait for lines, one could hold what the other is making; but
-- those that may wait for several are charges of known subscribers, and a line
-- that is known has a row (see payment_begin and subscriber_import).
create function carrierpay.spend_hold(p_ord int[], p_index bytea[],
    p_live bool[], p_wait bool, out ord int[], out turn int[])
language plpgsql
as $$
begin
    for pass in 1 .. 2 loop
        select array_agg(o.i), array_agg(o.turn) into ord, turn
          from (select i, (row_number() over (partition by p_index[i],
                               p_live[i] order by i))::int as turn
                  from unnest(p_ord) as i
                 order by p_index[i], p_live[i], i) o
         cross join lateral (
               select from (
                      select from spend s
                       where p_wait and s.msisdn_index = p_index[o.i]
                         and s.live = p_live[o.i] and s.merchant_id = 0
                         for no key update offset 0) s
               union all
               select from (
                      select from spend s
                       where not p_wait and s.msisdn_index = p_index[o.i]
                         and s.live = p_live[o.i] and s.merchant_id = 0
                         for no key update skip locked offset 0) s
               offset 0) s;

        exit when cardinality(ord) = cardinality(p_ord);

        -- see line_elsewhere
        if exists (select from cell c
                    cross join unnest(p_ord) as i
                    where c.one
                      and get_byte(p_index[i], 0) % c.lines <> c.number) then
            raise exception 'a line of another cell would be counted here';
        end if;

        perform spend_open(o.index, o.live, p_wait)
           from (select distinct p_index[i] as index, p_live[i] as live
                   from unnest(p_ord) as i
                   left join lateral (
                        select true as there from spend s
                         where s.msisdn_index = p_index[i]
                           and s.live = p_live[i] and s.merchant_id = 0
                        offset 0) s on true
                  where s.there is null
                  order by 1, 2) o;
    end loop;
end
$$;

-- Takes amounts back from lines that are locked.  What was counted in a day, a
-- week or a month that has gone by since is in no total any more.  p_unasked:
-- without a page.  All null: nothing.
--
-- Planner settings: see payment_create.
create function carrierpay.spend_back(p_index bytea[], p_live bool[],
    p_merchant_id int[], p_apart bool[], p_unasked bool[], p_currency text[],
    p_day date[], p_amount bigint[])
returns void
language plpgsql
as $$
declare
    v_lost int;
begin
    with part as materialized (
        select s.tid,
               sum(p_amount[i]) filter (where p_day[i] = s.day) as day,
               sum(p_amount[i]) filter (
                   where p_day[i] >= date_trunc('week', s.day)::date) as week,
               sum(p_amount[i]) filter (
                   where p_day[i] >= date_trunc('month', s.day)::date)
                   as month
          from generate_subscripts(p_index, 1) as i
         cross join lateral (
               select s.ctid as tid, s.day::timestamp as day
                 from spend s
                where s.msisdn_index = p_index[i] and s.live = p_live[i]
                  and s.merchant_id = any (array[0, p_merchant_id[i]])
                  and case when s.unasked then p_unasked[i]
                           else s.merchant_id = 0 or p_apart[i] end
                  and s.currency = p_currency[i] and s.moved < p_day[i]
               offset 0) s
         group by s.tid
    ), taken as (
        update spend s
           set day_total = s.day_total - coalesce(p.day, 0),
               week_total = s.week_total - coalesce(p.week, 0),
               month_total = s.month_total - coalesce(p.month, 0)
          from part p
         where s.ctid = p.tid
        returning 1
    )
    select (select count(*) from part) - (select count(*) from taken)
      into v_lost;

    if v_lost <> 0 then
        raise exception 'a line was written without its lock';
    end if;
end
$$;

-- The limits that a subscriber has set; null is none.  For the roles that may
-- write the tables, such as the administrator's, and not for the service.
create function carrierpay.spend_own(p_index text, p_live bool,
    p_payment bigint, p_day bigint, p_week bigint, p_month bigint)
returns void
language plpgsql
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
as $$
begin
    perform spend_hold('{1}', array[decode(p_index, 'hex')], array[p_live],
                       true);

    update spend s
       set max_payment = p_payment, max_day = p_day, max_week = p_week,
           max_month = p_month
     where s.msisdn_index = decode(p_index, 'hex') and s.live = p_live
       and s.merchant_id = 0;
end
$$;

revoke all on function spend_open, spend_hold, spend_back, spend_own
    from public;

commit;
