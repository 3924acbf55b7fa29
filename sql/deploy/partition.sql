-- Deploy carrierpay:partition to pg
-- requires: line
-- requires: payment
-- requires: event
-- requires: attempt
-- requires: journal
-- requires: consent
-- requires: message
-- requires: pin
-- requires: idem
-- requires: basics

-- The tables that grow with the payments are partitioned by what their key
-- tells of the time: by the identifier, or by its period.  New rows go to the
-- end of the newest partition, and what is kept no longer is dropped as a
-- whole, which costs nothing.
--
-- Partitions are made four weeks ahead (of those of a few days fourteen), by
-- a worker, once an hour.  The first one has no lower bound.  There is no
-- default partition: it would be searched whenever another one is attached,
-- under a lock that nothing could be written beside, and a row in it would
-- keep the partition that it belongs to from being made.  So if no partition
-- was made for weeks, which is an alert from the seventh day before on, the
-- insertion fails, and with it the intent: nothing is charged that is not
-- recorded.

begin;
set local role carrierpay_owner;
set local search_path = carrierpay, pg_temp;

create table partitioned (
    name      text primary key,
    days      int not null check (days > 0),    -- of one partition
    keep_days int check (keep_days > 0),        -- after its end
    by_period bool not null default false,      -- its key is an id_period
    storage   text,                             -- parameters of each

    -- until what is unknown of a payment was found out, and paid back
    check (name <> 'payment' or coalesce(keep_days >= 400, true)),

    -- how long an idempotency key counts
    check (not by_period or days = 30 and coalesce(keep_days >= 30, true))
);

-- Without days of its own a table is kept as payments are, and these without
-- any for ever.  What belongs to a payment ends with it, or later.
insert into partitioned (name, days, keep_days, by_period, storage) values
    ('payment', 28, null, false, 'fillfactor = 45'),
    ('journal', 28, null, false, null),
    ('consent', 28, null, false, null),
    ('event', 364, null, false, null),
    ('attempt', 364, null, false, null),
    ('idem', 30, 30, true, null),
    ('message', 28, 396, false, null),
    ('mo', 28, 396, false, null),
    ('line_settled', 28, 196, false, null),
    ('pin', 7, 7, false, null),
    ('pin_failure', 1, 2, false, null);

-- Between an instant and the key of that time.
create function carrierpay.partition_key(p partitioned, at bigint)
returns bigint
language sql immutable
return case when p.by_period then id_period(id_first(at))
            else id_first(at) end;

create function carrierpay.partition_time(p partitioned, key bigint)
returns bigint
language sql immutable
return id_time(case when p.by_period then key * 2592000000 << 22 else key end);

-- Their keys are from low, or from the first one on, and below high, which no
-- row has before the instant `until`.
create view partition as
select t.name, c.oid::regclass as partition, b.low, b.high,
       partition_time(t, b.high) as until
  from partitioned t
  join pg_inherits i on i.inhparent = to_regclass('carrierpay.' || t.name)
  join pg_class c on c.oid = i.inhrelid
 cross join lateral (
       select (regexp_match(x, 'FROM \(''(-?\d+)''\)'))[1]::bigint as low,
              (regexp_match(x, 'TO \(''(-?\d+)''\)'))[1]::bigint as high
         from pg_get_expr(c.relpartbound, c.oid) as x) b;

-- A partition is made like its table.  The triggers for each row come with the
-- attachment, which waits for no statement that reads or writes rows.  One for
-- a statement fires for the table that the statement names, so each partition
-- has its own.
create function carrierpay.partition_make(p partitioned, p_partition text,
    p_low bigint, p_high bigint)
returns void
language plpgsql
set search_path = carrierpay, pg_temp
as $$
declare
    v_trigger record;
begin
    execute format('create table %I (like %I including all) %s', p_partition,
                   p.name, 'with (' || p.storage || ')');

    for v_trigger in
        select t.tgname as name, pg_get_triggerdef(t.oid) as definition
          from pg_trigger t
         where t.tgrelid = p.name::regclass and t.tgtype & 1 = 0
    loop
        execute regexp_replace(v_trigger.definition, ' ON \S+ ',
                               format(' ON carrierpay.%I ', p_partition));
        execute format('alter table %I enable always trigger %I',
                       p_partition, v_trigger.name);
    end loop;

    execute format('alter table %I attach partition %I'
                   ' for values from (%s) to (%L)', p.name, p_partition,
                   coalesce(quote_literal(p_low), 'minvalue'), p_high);
end
$$;

-- The partitions that a table still lacks.  They end at multiples of their
-- length, so another length holds from the next one on.
create function carrierpay.partition_extend(p partitioned, p_now bigint)
returns void
language plpgsql
set search_path = carrierpay, pg_temp
as $$
declare
    c_day   constant bigint := 86400000;
    v_step  bigint := case when p.by_period then 1
                      else p.days * c_day << 22 end;
    v_until bigint := p_now + least(28, 14 * p.days) * c_day;
    v_low   bigint;
    v_high  bigint;
begin
    loop
        v_low := (select max(t.high) from partition t where t.name = p.name);
        exit when v_low > partition_key(p, v_until);

        v_high := (coalesce(v_low, partition_key(p, p_now)) / v_step + 1)
                  * v_step;

        perform partition_make(p, p.name || to_char(
            to_timestamp(partition_time(p, coalesce(v_low, v_high - v_step))
                         / 1000) at time zone 'UTC', '_YYYYMMDD'),
            v_low, v_high);
    end loop;
end
$$;

-- Makes the partitions of the time ahead, and returns for how many days there
-- are some.  A table of which none can be made, since it is locked, as by an
-- ANALYZE of it or by an index that is made, is left for the next hour, and
-- stands in the way of no other.
create function carrierpay.partition_ahead() returns int
language plpgsql
set search_path = carrierpay, pg_temp
set lock_timeout = '100ms'
as $$
declare
    v_now   bigint := now_ms();
    v_table partitioned;
begin
    if pg_try_advisory_xact_lock(1885434484) then
        for v_table in select * from partitioned t order by t.name loop
            begin
                perform partition_extend(v_table, v_now);
            exception when others then
                raise warning 'partitions of %: %', v_table.name, sqlerrm;
            end;
        end loop;
    end if;

    return (select min(coalesce(p.until - v_now, 0)) / 86400000
              from partitioned t
              left join (select name, max(until) as until from partition
                          group by name) p using (name));
end
$$;

-- Drops the partitions that are kept no longer, and returns them.  From then
-- on, and while this waits for the lock, no session can use the table until
-- the transaction ends.  So a table that is read for long, as by a dump, is
-- left for the next hour, and all that comes after it.  One that cannot be
-- dropped, as when a view names it, stands in the way of none.
create function carrierpay.partition_drop() returns setof text
language plpgsql
set search_path = carrierpay, pg_temp
set lock_timeout = '100ms'
as $$
declare
    v_now       bigint := now_ms();
    v_partition text;
begin
    for v_partition in
        select p.partition::text
          from partition p
          join partitioned t using (name)
         where p.until + coalesce(t.keep_days, (
                   select o.keep_days from partitioned o
                    where o.name = 'payment')) * 86400000::bigint <= v_now
         order by p.name, p.high
    loop
        begin
            execute format('drop table if exists %s', v_partition);
            return next v_partition;
        exception
            when lock_not_available then
                raise warning 'partition %: %', v_partition, sqlerrm;
                return;
            when others then
                raise warning 'partition %: %', v_partition, sqlerrm;
        end;
    end loop;
end
$$;

-- What a worker does once an hour; see partition_ahead for what it returns.
create function carrierpay.partition_tend() returns int
language plpgsql security definer
set search_path = carrierpay, pg_temp
as $$
declare
    v_days int := partition_ahead();
begin
    perform partition_drop();

    return v_days;
end
$$;

revoke all on function partition_key, partition_time, partition_make,
    partition_extend, partition_ahead, partition_drop, partition_tend
    from public;
grant execute on function partition_tend to carrierpay;

do $$
begin
    perform partition_ahead();
end
$$;

commit;
