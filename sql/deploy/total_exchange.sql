-- Deploy carrierpay:total_exchange to pg
-- requires: total
-- requires: cell
-- requires: merchant
-- requires: basics

-- Totals of several cells.  A payment counts in the totals of its own cell,
-- and every five seconds a worker sends the others how far these have come:
-- there that is a part of the total, as those of sessions are.  So totals of
-- operators and countries hold over all cells, and lack what the others have
-- counted in the last seconds.  A merchant's payments lie in its home, so its
-- totals are sent only when it has been moved.
--
-- What is sent are sums, which take the place of those of before, so they may
-- be sent twice.

begin;
set local role carrierpay_owner;
set local search_path = carrierpay, pg_temp;

-- To which cells they are sent next, and when.
create table total_sent (
    cell   smallint primary key,
    due_at bigint not null
);

-- The cells to which they are to be sent now, and what.  What is not sent now
-- is sent in p_lease_ms.
create function carrierpay.total_claim(p_max int, p_lease_ms int,
    p_token bigint)
returns table (cell int, parts text)
language plpgsql security definer
set search_path = carrierpay, pg_temp
set enable_seqscan = off
as $$
#variable_conflict use_column
declare
    v_now  bigint := now_ms();
    v_day  date := (to_timestamp(v_now / 1000.0) - interval '2 days')::date;
    v_cell int[];
begin
    if not exists (select from total_limit) then
        return;
    end if;

    with due as (
        insert into total_sent as t (cell, due_at)
        select n, v_now + p_lease_ms
          from cell c
         cross join generate_series(0, 31) as n
         where c.one and n < c.cells and n <> c.number
           and not exists (select from total_sent t
                            where t.cell = n and t.due_at > v_now)
         order by n
        on conflict (cell) do update set due_at = excluded.due_at
         where t.due_at <= v_now
        returning cell
    )
    select array_agg(cell) into v_cell from due;

    if v_cell is null then
        return;
    end if;

    return query
    select c::int, t.parts
      from unnest(v_cell) as c
     cross join (
           select jsonb_agg(p)::text as parts
             from (select t.scope, t.name, t.currency, t.live, t.period,
                          t.monthly, sum(t.total)::bigint as total
                     from total t
                    where t.session > 0
                      and t.period >= case when t.monthly then
                          date_trunc('month', v_day)::date else v_day end
                      and (t.scope <> 'm' or exists (
                               select from merchant m
                                where m.id = t.name::int
                                  and m.moved_at is not null))
                    group by t.scope, t.name, t.currency, t.live, t.period,
                             t.monthly) p) t
     where t.parts is not null;
end
$$;

-- How far the totals of the cell p_cell have come.
create function carrierpay.total_receive(p_cell int, p_parts text)
returns bool
language plpgsql security definer
set search_path = carrierpay, pg_temp
set enable_seqscan = off
as $$
begin
    insert into total as t (scope, name, currency, live, period, monthly,
                            session, total)
    select p.scope, p.name, p.currency, p.live, p.period, p.monthly,
           -1 - p_cell, p.total
      from jsonb_to_recordset(p_parts::jsonb)
           as p (scope "char", name text, currency text, live bool,
                 period date, monthly bool, total bigint)
     order by p.scope, p.name, p.currency, p.live, p.period, p.monthly
    on conflict (scope, name, currency, live, period, monthly, session)
    do update set total = excluded.total
     where t.total <> excluded.total;

    return true;
end
$$;

revoke all on function carrierpay.total_claim, carrierpay.total_receive
    from public;
grant execute on function carrierpay.total_claim, carrierpay.total_receive
    to carrierpay;

commit;
