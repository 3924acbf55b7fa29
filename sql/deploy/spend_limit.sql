-- Deploy carrierpay:spend_limit to pg
-- requires: merchant
-- requires: operator
-- requires: basics

-- How much a line may spend: in one payment, and in a day, a week (from
-- Monday on) and a month of its operator's time zone.  Of several limits the
-- lowest counts; null is none.
--
-- The limits of law, country and operator are in the configuration of the
-- service.  Each worker writes them here when it starts, and again as long as
-- it lives, and a row that no worker has written for a minute goes.  So when
-- two fleets, or the workers before and after a reload, have different ones,
-- the lower ones hold until the last worker that knows them has ended.

begin;
set local role carrierpay_owner;
set local search_path = carrierpay, pg_temp;

create table spend_limit (
    operator    text not null,
    merchant_id int not null,       -- 0: any merchant
    apart       bool not null,      -- of each merchant by itself, not of what
                                    -- the line spends with all of them
    time_zone   text,               -- null: UTC
    max_payment bigint check (max_payment > 0),
    max_day     bigint check (max_day > 0),
    max_week    bigint check (max_week > 0),
    max_month   bigint check (max_month > 0),
    restores    bool not null default false,    -- what the operator pays
                                    -- back may be spent again
    until       bigint,             -- null: set by hand
    unique nulls not distinct (merchant_id, operator, apart, time_zone,
                               max_payment, max_day, max_week, max_month,
                               restores)
);

-- the operators with which some merchant has limits of its own
create index spend_limit_own on spend_limit (operator) where merchant_id > 0;

-- The configuration of a worker, as JSON: an array with an object a limit.
-- The totals in it are total_configure's.
create function carrierpay.spend_configure(p_limits text, p_now bigint)
returns void
language plpgsql
set search_path = carrierpay, pg_temp
as $$
declare
    c_keep constant int := 60000;   -- longer than a lease holds, by 10 s
begin
    -- a zone that PostgreSQL does not know is an error here, not at midnight
    insert into spend_limit as s (operator, merchant_id, apart, time_zone,
                                  max_payment, max_day, max_week, max_month,
                                  restores, until)
    select l.operator, 0, l.apart, l.time_zone, l.max_payment, l.max_day,
           l.max_week, l.max_month, coalesce(l.restores, false),
           p_now + c_keep
      from jsonb_to_recordset(p_limits::jsonb)
           as l (operator text, apart bool, time_zone text,
                 max_payment bigint, max_day bigint, max_week bigint,
                 max_month bigint, restores bool)
     where now() at time zone coalesce(l.time_zone, 'UTC') is not null
     order by l.operator, l.apart
    on conflict (merchant_id, operator, apart, time_zone, max_payment,
                 max_day, max_week, max_month, restores)
    do update set until = excluded.until
     where s.until < excluded.until - 5000;

    delete from spend_limit s
     where (s.merchant_id, s.operator) in (
               select l.merchant_id, l.operator from spend_limit l
                where l.until < p_now for update skip locked)
       and s.until < p_now;

    perform total_configure(p_limits, p_now);
end
$$;

-- For how many operators workers have different limits.
create function carrierpay.spend_differing(p_now bigint) returns int
language sql stable
set search_path = carrierpay, pg_temp
as $$
    select count(distinct d.operator)::int
      from (select l.operator from spend_limit l
             where l.merchant_id = 0 and l.until > p_now
             group by l.operator, l.apart having count(*) > 1) d
$$;

-- May what the operator pays back be spent again?  Not as long as a worker
-- says no.
create function carrierpay.spend_restores(p_operator text) returns bool
language sql stable
set search_path = carrierpay, pg_temp
as $$
    select coalesce(bool_and(l.restores), false) from spend_limit l
     where l.merchant_id = 0 and l.operator = p_operator and not l.apart
$$;

-- What one merchant lets a line spend with it; all null: no limit any more.
-- For the roles that may write the tables, such as the administrator's, and
-- not for the service.
create function carrierpay.spend_limit_set(p_merchant_id int,
    p_operator text, p_payment bigint, p_day bigint, p_week bigint,
    p_month bigint)
returns void
language plpgsql
set search_path = carrierpay, pg_temp
as $$
begin
    delete from spend_limit s
     where s.merchant_id = p_merchant_id and s.operator = p_operator;

    if coalesce(p_payment, p_day, p_week, p_month) is not null then
        insert into spend_limit (operator, merchant_id, apart, max_payment,
                                 max_day, max_week, max_month)
        values (p_operator, p_merchant_id, true, p_payment, p_day, p_week,
                p_month);
    end if;
end
$$;

-- The most that any line of an operator may pay at once, and whether some
-- merchant may have limits with it of its own; with one merchant, by these.
-- Null: no limit.  Plain queries, which the planner puts into those that name
-- them (see tariff).
create function carrierpay.spend_most(p_operator text)
returns table (most bigint, own bool)
language sql stable
as $$
    select min(l.max_payment),
           exists (select from carrierpay.spend_limit o
                    where o.operator = p_operator and o.merchant_id > 0)
      from carrierpay.spend_limit l
     where l.merchant_id = 0 and l.operator = p_operator
    offset 0
$$;

create function carrierpay.spend_most_own(p_merchant_id int, p_operator text)
returns table (most bigint)
language sql stable
as $$
    select min(l.max_payment)
      from carrierpay.spend_limit l
     where l.merchant_id = p_merchant_id and l.operator = p_operator
    offset 0
$$;

-- What the lines of an operator may spend with all merchants together, and
-- the periods that are now: the day, and the first days of its week and month.
create type carrierpay.spend_cap as (
    operator    text,
    day         date,
    week        date,
    month       date,
    max_payment bigint,
    max_day     bigint,
    max_week    bigint,
    max_month   bigint,
    apart       bool,       -- some merchant may have limits by itself
    total       bool        -- of some merchant, operator or country there is a
                            -- limit of all lines together: see total
);

-- Of these operators, each once.
create function carrierpay.spend_caps(p_operator text[], p_now bigint)
returns spend_cap[]
language plpgsql stable
as $$
declare
    v_caps spend_cap[];
begin
    select array_agg(row(o.operator, d.day, date_trunc('week', d.day)::date,
                         date_trunc('month', d.day)::date, c.max_payment,
                         c.max_day, c.max_week, c.max_month, c.apart
                         or exists (select from spend_limit l
                                     where l.operator = o.operator
                                       and l.merchant_id > 0),
                         exists (select from total_limit))::spend_cap)
      into v_caps
      from (select distinct operator from unnest(p_operator) as operator) o
     cross join lateral (
           select min(l.time_zone) as time_zone,
                  min(l.max_payment) filter (where not l.apart)
                      as max_payment,
                  min(l.max_day) filter (where not l.apart) as max_day,
                  min(l.max_week) filter (where not l.apart) as max_week,
                  min(l.max_month) filter (where not l.apart) as max_month,
                  coalesce(bool_or(l.apart and num_nonnulls(l.max_payment,
                      l.max_day, l.max_week, l.max_month) > 0), false)
                      as apart
             from spend_limit l
            where l.merchant_id = 0 and l.operator = o.operator offset 0) c
     cross join lateral (
           select (to_timestamp(p_now / 1000.0)
                   at time zone coalesce(c.time_zone, 'UTC'))::date as day
           offset 0) d;

    return v_caps;
end
$$;

revoke all on function spend_configure, spend_differing, spend_restores,
    spend_limit_set, spend_most,
    spend_caps     from public;

commit;
