-- Deploy carrierpay:total to pg
-- requires: operator
-- requires: spend_limit
-- requires: merchant
-- requires: cell
-- requires: basics

-- How much all lines together may spend in a day and in a month of the
-- operator's time zone: with a merchant, at an operator, or in a country, in
-- one currency.  As in spend_limit, the totals of operators and countries are
-- in the configuration, of several limits the lowest counts, and null is none.
--
-- A counter that all payments of a merchant update would be a hot row: each
-- transaction would wait for the one before.  So each session has a part of
-- its own, and the sum of the parts is looked at before a batch is counted.
-- It lacks what other sessions are about to commit, and the batch itself, so
-- a total is passed by at most a batch for each worker, and no session waits
-- for another.  Parts are counted from when the limit was set.  What other
-- cells have counted is a part, too: see total_exchange.

begin;
set local role carrierpay_owner;
set local search_path = carrierpay, pg_temp;

create table total_limit (
    scope     "char" not null,  -- 'm' merchant, 'o' operator, 'c' country
    name      text not null,    -- its id or code
    currency  text not null,
    live      bool not null,
    max_day   bigint check (max_day > 0),
    max_month bigint check (max_month > 0),
    since     bigint not null,
    until     bigint,           -- null: set by hand
    unique nulls not distinct (scope, name, currency, live, max_day,
                               max_month)
);

create table total (
    total    bigint not null,
    period   date not null,     -- the day, or the first one of the month
    session  int not null,      -- the process of the session; below 0,
                                -- another cell
    scope    "char" not null,
    live     bool not null,
    monthly  bool not null,
    currency text not null,
    name     text not null,
    primary key (scope, name, currency, live, period, monthly, session)
) with (fillfactor = 50);

create function carrierpay.total_scope_name(scope "char") returns text
language sql immutable parallel safe
return case scope when 'm' then 'merchant' when 'o' then 'operator'
                  when 'c' then 'country' end;

-- The configuration of a worker, as JSON: see spend_configure, of which this
-- is a part.  A limit that takes the place of another one goes on with what
-- has counted since that was set.  Parts of months that have gone by are
-- removed.
create function carrierpay.total_configure(p_limits text, p_now bigint)
returns void
language plpgsql
set search_path = carrierpay, pg_temp
as $$
declare
    c_keep constant int := 60000;
begin
    insert into total_limit as t (scope, name, currency, live, max_day,
                                  max_month, since, until)
    select k.scope, k.name, o.currency, not o.sandbox, k.max_day,
           k.max_month,
           coalesce((select min(t.since) from total_limit t
                      where t.scope = k.scope and t.name = k.name
                        and t.currency = o.currency
                        and t.live = not o.sandbox), p_now),
           p_now + c_keep
      from jsonb_to_recordset(p_limits::jsonb)
           as l (operator text, total_day bigint, total_month bigint,
                 country_day bigint, country_month bigint)
      join operator o on o.code = l.operator
     cross join lateral (values
           ('o'::"char", o.code, l.total_day, l.total_month),
           ('c', o.country, l.country_day, l.country_month))
           as k (scope, name, max_day, max_month)
     where coalesce(k.max_day, k.max_month) is not null
     order by 1, 2, 3, 4, 5, 6
    on conflict (scope, name, currency, live, max_day, max_month)
    do update set until = excluded.until
     where t.until < excluded.until - 5000;

    delete from total_limit t
     where (t.scope, t.name, t.currency, t.live) in (
               select l.scope, l.name, l.currency, l.live from total_limit l
                where l.until < p_now for update skip locked)
       and t.until < p_now;

    delete from total t
     where t.ctid = any (array(
           select p.ctid from total p
            where p.period < (to_timestamp(p_now / 1000.0)
                              - interval '70 days')::date
              for update skip locked));
end
$$;

-- What a merchant may sell in a currency; both null: as much as it can.  For
-- the roles that may write the tables, such as the administrator's, and not
-- for the service.
create function carrierpay.total_set(p_merchant_id int, p_currency text,
    p_live bool, p_day bigint, p_month bigint)
returns void
language plpgsql
set search_path = carrierpay, pg_temp
as $$
declare
    v_since bigint;
begin
    delete from total_limit t
     where t.scope = 'm' and t.name = p_merchant_id::text
       and t.currency = p_currency and t.live = p_live
    returning t.since into v_since;

    if coalesce(p_day, p_month) is not null then
        insert into total_limit (scope, name, currency, live, max_day,
                                 max_month, since)
        values ('m', p_merchant_id, p_currency, p_live, p_day, p_month,
                coalesce(v_since, now_ms()));
    end if;
end
$$;

-- The totals that a payment is a part of, with the lowest of their limits.
create function carrierpay.total_part(p_operator text, p_merchant_id int,
    p_currency text, p_live bool)
returns table (scope "char", name text, max_day bigint, max_month bigint,
    since bigint)
language sql stable
set search_path = carrierpay, pg_temp
as $$
    select l.scope, l.name, min(l.max_day), min(l.max_month), min(l.since)
      from total_limit l
     where l.currency = p_currency and l.live = p_live
       and l.name = case l.scope
               when 'm' then p_merchant_id::text when 'o' then p_operator
               else (select o.country from operator o
                      where o.code = p_operator) end
     group by l.scope, l.name
$$;

-- How far each total has come in the day and the month that are now: those of
-- merchants, which may have operators in several time zones, by UTC.
create function carrierpay.total_state()
returns table (scope text, name text, currency text, live bool, period text,
    sold bigint, most bigint, set_by text)
language sql stable
set search_path = carrierpay, pg_temp
as $$
    select total_scope_name(l.scope), l.name, l.currency, l.live,
           case when k.monthly then 'month' else 'day' end,
           coalesce((select sum(t.total)::bigint from total t
                      where t.scope = l.scope and t.name = l.name
                        and t.currency = l.currency and t.live = l.live
                        and t.monthly = k.monthly
                        and t.period = case when k.monthly then
                            date_trunc('month', d.day)::date else d.day end),
                    0),
           k.most, l.set_by
      from (select l.scope, l.name, l.currency, l.live,
                   min(l.max_day) as max_day, min(l.max_month) as max_month,
                   case when bool_or(l.until is null) then 'hand'
                        else 'configuration' end as set_by
              from total_limit l
             group by l.scope, l.name, l.currency, l.live) l
     cross join lateral (
           select (now() at time zone coalesce(min(s.time_zone),
                                               'UTC'))::date as day
             from spend_limit s
             join operator o on o.code = s.operator
            where l.scope = 'o' and o.code = l.name
               or l.scope = 'c' and o.country = l.name) d
     cross join lateral (values (false, l.max_day), (true, l.max_month))
           as k (monthly, most)
     where k.most is not null
$$;

-- How many of them have reached 80 % of their limit, and how many all of it.
create function carrierpay.total_watch()
returns table (near int, reached int)
language sql stable security definer
set search_path = carrierpay, pg_temp
as $$
    select count(*) filter (where s.sold >= s.most * 0.8)::int,
           count(*) filter (where s.sold >= s.most)::int
      from total_state() s
     cross join cell c
     where c.one and c.number = case when s.scope = 'merchant' then (
               select m.home_cell from merchant m where m.id = s.name::int)
               else 0 end
$$;

revoke all on function total_configure, total_set, total_part, total_state,
    total_watch from public;
grant execute on function total_watch to carrierpay;

commit;
