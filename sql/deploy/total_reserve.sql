-- Deploy carrierpay:total_reserve to pg
-- requires: total
-- requires: spend_reserve

-- Counts the operations of a batch like spend_reserve, which it calls, and in
-- the totals of merchants, operators and countries, too: an operation may also
-- be refused as 'limit_total'.  Where there are no such totals it does nothing
-- more.  What p_held has a day for was counted on a line of another cell, in
-- that day, and counts in the totals only (see line).
--
-- Called in the transactions, and with the planner settings, of
-- payment_create and payment_begin.

begin;
set local role carrierpay_owner;
set local search_path = carrierpay, pg_temp;

-- Adds amounts to the session's own parts of these totals.
create function carrierpay.total_add(p_scope "char"[], p_name text[],
    p_currency text[], p_live bool[], p_day date[], p_amount bigint[])
returns void
language plpgsql
as $$
begin
    insert into total as t (scope, name, currency, live, period, monthly,
                            session, total)
    select p_scope[i], p_name[i], p_currency[i], p_live[i],
           case when k.monthly then date_trunc('month', p_day[i])::date
                else p_day[i] end, k.monthly, pg_backend_pid(),
           sum(p_amount[i])
      from generate_subscripts(p_scope, 1) as i
     cross join (values (false), (true)) as k (monthly)
     group by 1, 2, 3, 4, 5, 6
    on conflict (scope, name, currency, live, period, monthly, session)
    do update set total = t.total + excluded.total;
end
$$;

create function carrierpay.total_reserve(p_ord int[], p_index bytea[],
    p_live bool[], p_operator text[], p_merchant_id int[], p_currency text[],
    p_amount bigint[], p_pseudonym_id bigint[],
    p_held date[], p_caps carrierpay.spend_cap[], p_wait bool,
    out reason text[], out later date[])
language plpgsql
as $$
#variable_conflict use_column
declare
    v_ord  int[] := p_ord;
    v_over int[] := '{}';
    v_i    int;
begin
    if (p_caps[1]).total then
        with part as materialized (
            select o.i, l.scope, l.name, p_currency[o.i] as currency,
                   p_live[o.i] as live, l.max_day, l.max_month, c.day, c.month
              from unnest(p_ord) as o (i)
              join unnest(p_caps) as c on c.operator = p_operator[o.i]
             cross join lateral total_part(p_operator[o.i],
                   p_merchant_id[o.i], p_currency[o.i], p_live[o.i]) l
        ), sold as materialized (
            select d.*, s.day_total, s.month_total
              from (select distinct scope, name, currency, live, day, month
                      from part) d
             cross join lateral (
                   select coalesce(sum(t.total) filter (
                                       where not t.monthly), 0) as day_total,
                          coalesce(sum(t.total) filter (
                                       where t.monthly), 0) as month_total
                     from total t
                    where t.scope = d.scope and t.name = d.name
                      and t.currency = d.currency and t.live = d.live
                      and (t.period = d.day and not t.monthly
                           or t.period = d.month and t.monthly) offset 0) s
        )
        select array(
            select distinct p.i
              from part p
              join sold s using (scope, name, currency, live, day, month)
             where s.day_total + p_amount[p.i] > p.max_day
                or s.month_total + p_amount[p.i] > p.max_month) into v_over;

        v_ord := array(select i from unnest(p_ord) as i
                        where i <> all (v_over));
    end if;

    if array_remove(p_held, null) <> '{}' then
        v_ord := array(select i from unnest(v_ord) as i
                        where p_held[i] is null);
    end if;

    select r.reason, r.later into reason, later
      from spend_reserve(v_ord, p_index, p_live, p_operator, p_merchant_id,
                         p_currency, p_amount, p_pseudonym_id, p_caps,
                         p_wait) r;

    if (p_caps[1]).total then
        perform total_add(array_agg(l.scope), array_agg(l.name),
                          array_agg(p_currency[o.i]), array_agg(p_live[o.i]),
                          array_agg(coalesce(p_held[o.i], later[o.i], c.day)),
                          array_agg(p_amount[o.i]))
           from unnest(p_ord) as o (i)
           join unnest(p_caps) as c on c.operator = p_operator[o.i]
          cross join lateral total_part(p_operator[o.i], p_merchant_id[o.i],
                                        p_currency[o.i], p_live[o.i]) l
          where o.i <> all (v_over) and reason[o.i] is null;
    end if;

    foreach v_i in array v_over loop
        reason[v_i] := 'limit_total';
    end loop;
end
$$;

-- Takes the amounts of these payments back, a part of spend_release.  What was
-- charged before a limit was set is in no total.
create function carrierpay.total_release(p_payment_id bigint[],
    p_amount bigint[])
returns void
language plpgsql
set search_path = carrierpay, pg_temp
as $$
begin
    perform total_add(array_agg(l.scope), array_agg(l.name),
                      array_agg(p.currency), array_agg(p.live),
                      array_agg(p.spend_day), array_agg(-a.amount))
       from unnest(p_payment_id, p_amount) as a (id, amount)
      cross join lateral (
            select p.operator, p.merchant_id, p.currency, p.live, p.attempt,
                   p.spend_day
              from payment p
             where p.id = a.id and p.spend_day is not null offset 0) p
      cross join lateral total_part(p.operator, p.merchant_id, p.currency,
                                    p.live) l
      where l.since <= id_time(p.attempt);
end
$$;

revoke all on function total_add, total_reserve, total_release from public;

commit;
