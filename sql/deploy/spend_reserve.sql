-- Deploy carrierpay:spend_reserve to pg
-- requires: spend
-- requires: spend_limit
-- requires: block

-- Counts the amounts of operations p_ord of a batch that is about to charge
-- them, and says what hinders which: 'blocked_by_subscriber'; a limit, as
-- spend_over names it, of the line or of the line with this merchant; or
-- 'busy', another session has locked the line, and the caller does not wait.
-- null: nothing hinders any.
--
-- A transaction creates, begins and finishes payments, in this order, and
-- keeps the locks of all.  The first of these may wait for lines, in the order
-- of their keys, for it holds none yet.  The others must not: two transactions
-- would wait for each other.
--
-- One statement locks the rows of the lines, reads them as they are then,
-- judges and writes.  What it has locked it may not be able to write, since
-- that was changed by another session after the statement began; that is left
-- for the next pass.  So are lines without a row, which is made, and all
-- payments but the first of a line: they take turns, each seeing what those
-- before it have left.
--
-- Called in the transactions, and with the planner settings, of
-- payment_create and payment_begin.

begin;
set local role carrierpay_owner;

create function carrierpay.spend_reserve(p_ord int[], p_index bytea[],
    p_live bool[], p_operator text[], p_merchant_id int[], p_currency text[],
    p_amount bigint[], p_caps carrierpay.spend_cap[], p_wait bool)
returns text[]
language plpgsql
as $$
declare
    v_ord    int[] := p_ord;
    v_done   int[];
    v_i      int[];
    v_why    text[];
    v_reason text[];
    v_n      int;
    v_opened bool := false;
begin
    if p_wait then
        perform spend_wait(p_ord, p_index, p_live);
    end if;

    while cardinality(v_ord) > 0 loop
        with line as materialized (
            select o.i, s.*
              from (select i, row_number() over (partition by p_index[i],
                               p_live[i] order by i) as turn
                      from unnest(v_ord) as i
                     order by p_index[i], p_live[i], i) o
             cross join lateral (
                   select s.ctid as tid, s.currency, s.day, s.day_total,
                          s.week_total, s.month_total, s.blocked,
                          s.max_payment, s.max_day, s.max_week, s.max_month
                     from spend s
                    where o.turn = 1 and s.msisdn_index = p_index[o.i]
                      and s.live = p_live[o.i] and s.merchant_id = 0
                      for no key update skip locked offset 0) s
        ), part as (
            -- the line with all merchants together, and with this one
            select l.i, 0 as merchant_id, c.day, c.week, c.month, l.tid,
                   l.currency, l.day as since, l.day_total, l.week_total,
                   l.month_total,
                   least(c.max_payment, l.max_payment) as max_payment,
                   least(c.max_day, l.max_day) as max_day,
                   least(c.max_week, l.max_week) as max_week,
                   least(c.max_month, l.max_month) as max_month,
                   l.blocked and exists (
                       select from block b
                        where b.msisdn_index = p_index[l.i]
                          and coalesce(b.merchant_id = p_merchant_id[l.i],
                                       true)
                          and (b.live or not p_live[l.i])) as blocked
              from line l
              join unnest(p_caps) as c on c.operator = p_operator[l.i]
             union all
            select l.i, p_merchant_id[l.i], c.day, c.week, c.month, s.*, a.*,
                   false
              from line l
              join unnest(p_caps) as c on c.operator = p_operator[l.i]
              left join lateral (
                   select s.ctid, s.currency, s.day, s.day_total,
                          s.week_total, s.month_total
                     from spend s
                    where s.msisdn_index = p_index[l.i]
                      and s.live = p_live[l.i]
                      and s.merchant_id = p_merchant_id[l.i] offset 0) s
                on true
             cross join lateral (
                   select min(m.max_payment), min(m.max_day),
                          min(m.max_week), min(m.max_month)
                     from spend_limit m
                    where m.merchant_id = any (array[0, p_merchant_id[l.i]])
                      and m.operator = c.operator and m.apart
                   offset 0) a
             where c.apart
        ), counted as materialized (
            select p.i, p.merchant_id, p.tid, p.blocked,
                   p_amount[p.i] as amount, greatest(f.since, p.day) as day,
                   case when f.since >= p.day then p.day_total else 0 end
                       as day_total,
                   case when f.since >= p.week then p.week_total else 0 end
                       as week_total,
                   case when f.since >= p.month then p.month_total else 0 end
                       as month_total,
                   p.max_payment, p.max_day, p.max_week, p.max_month
              from part p
             cross join lateral (
                   select case when p.currency = p_currency[p.i] then p.since
                               end as since) f
        ), judged as materialized (
            select c.*,
                   case when c.blocked then 'blocked_by_subscriber'
                        else spend_over(c.amount, c.max_payment, c.day_total,
                                        c.max_day, c.week_total, c.max_week,
                                        c.month_total, c.max_month)
                   end as reason
              from counted c
        ), refused as materialized (
            select i, max(reason) as reason from judged
             where reason is not null group by i
        ), reserved as (
            update spend s
               set currency = p_currency[j.i], day = j.day,
                   day_total = j.day_total + j.amount,
                   week_total = j.week_total + j.amount,
                   month_total = j.month_total + j.amount
              from judged j
             where s.ctid = any (array(select tid from line))
               and s.ctid = j.tid and j.merchant_id = 0
               and j.i not in (select i from refused)
            returning j.i
        ), apart as (
            insert into spend (msisdn_index, live, merchant_id, currency, day,
                               day_total, week_total, month_total)
            select p_index[j.i], p_live[j.i], j.merchant_id, p_currency[j.i],
                   j.day, j.day_total + j.amount, j.week_total + j.amount,
                   j.month_total + j.amount
              from judged j
             where j.merchant_id > 0 and j.i in (select i from reserved)
            on conflict (msisdn_index, live, merchant_id) do update
               set currency = excluded.currency, day = excluded.day,
                   day_total = excluded.day_total,
                   week_total = excluded.week_total,
                   month_total = excluded.month_total
        )
        select array(select i from reserved union all select i from refused),
               array(select i from refused), array(select reason from refused)
          into v_done, v_i, v_why;

        for k in 1 .. cardinality(v_i) loop
            v_reason[v_i[k]] := v_why[k];
        end loop;

        exit when cardinality(v_done) = cardinality(v_ord);

        v_ord := array(select i from unnest(v_ord) as i
                        where i <> all (v_done));

        if not v_opened then
            perform spend_open(o.index, o.live, p_wait)
               from (select distinct p_index[i] as index, p_live[i] as live
                       from unnest(v_ord) as i
                       left join lateral (
                            select s.day from spend s
                             where s.msisdn_index = p_index[i]
                               and s.live = p_live[i] and s.merchant_id = 0
                            offset 0) s on true
                      where s.day is null
                      order by 1, 2) o;

            v_opened := true;

        elsif cardinality(v_done) = 0 then
            foreach v_n in array v_ord loop
                v_reason[v_n] := 'busy';
            end loop;

            exit;
        end if;
    end loop;

    return v_reason;
end
$$;

revoke all on function carrierpay.spend_reserve from public;

commit;
