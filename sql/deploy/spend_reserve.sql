-- Deploy carrierpay:spend_reserve to pg
-- requires: spend
-- requires: spend_judge

-- Counts the amounts of operations p_ord of a batch that is about to charge
-- them; those without a page are of the subscribers p_pseudonym_id.  The
-- reason says what hinders which, as spend_judge names it, or 'busy', another
-- session has locked the line, and the caller does not wait.  What is counted
-- counts in the day that is now, or in a later one, if the line has that
-- already.  Null: nothing hinders any; none counts in a later day.
--
-- The lines are locked first (spend_hold).  What is read of them after that,
-- by another statement, is what stands, and where, until the transaction ends.
-- So one statement judges the first payment of each line, and counts it in
-- place; another one the second of each, which finds what the first has left;
-- and so on.  An amount that is refused counts in nothing.
--
-- Only a batch that creates payments may wait for lines, in the order of their
-- keys: it holds no payment that another session knows.  One that begins or
-- finishes payments holds some, and must not: two transactions would wait for
-- each other.
--
-- Called in the transactions, and with the planner settings, of
-- payment_create and payment_begin.

begin;
set local role carrierpay_owner;

create function carrierpay.spend_reserve(p_ord int[], p_index bytea[],
    p_live bool[], p_operator text[], p_merchant_id int[], p_currency text[],
    p_amount bigint[], p_pseudonym_id bigint[],
    p_caps carrierpay.spend_cap[], p_wait bool, out reason text[],
    out later date[])
language plpgsql
as $$
#variable_conflict use_column
declare
    v_ord   int[];      -- the lines of these are locked
    v_turn  int[];      -- the how many-th of its line
    v_k     int := 1;
    v_i     int[];
    v_why   int[];
    v_later date[];
    v_n     int;
begin
    select h.ord, h.turn into v_ord, v_turn
      from spend_hold(p_ord, p_index, p_live, p_wait) h;

    if cardinality(v_ord) is distinct from cardinality(p_ord) then
        foreach v_n in array p_ord loop
            if array_position(v_ord, v_n) is null then
                reason[v_n] := 'busy';
            end if;
        end loop;
    end if;

    while v_k = any (v_turn) loop
        with part as materialized (
            select o.i, j.*, nullif(j.day, c.day) as later
              from unnest(v_ord, v_turn) as o (i, turn)
              join unnest(p_caps) as c on c.operator = p_operator[o.i]
             cross join lateral spend_judge(p_index[o.i], p_live[o.i],
                   p_merchant_id[o.i], p_currency[o.i], p_amount[o.i],
                   p_pseudonym_id[o.i], c) j
             where o.turn = v_k
        ), refused as materialized (
            select i, max(reason) as why from part
             where reason is not null group by i
        ), passed as materialized (
            select * from part where i <> all (array(select i from refused))
        ), counted as (
            update spend s
               set currency = p_currency[p.i], day = p.day,
                   moved = case when s.currency in ('', p_currency[p.i])
                                then s.moved else p.day end,
                   day_total = p.day_total, week_total = p.week_total,
                   month_total = p.month_total
              from passed p
             where s.ctid = any (array(select tid from passed))
               and s.ctid = p.tid
            returning 1
        ), opened as (
            insert into spend (msisdn_index, live, merchant_id, unasked,
                               currency, day, day_total, week_total,
                               month_total)
            select p_index[i], p_live[i], merchant_id, unasked, p_currency[i],
                   day, day_total, week_total, month_total
              from passed where tid is null
        )
        select array_agg(i), array_agg(r.why), array_agg(later),
               (select count(tid) from passed) - (select count(*) from counted)
          into v_i, v_why, v_later, v_n
          from part left join refused r using (i)
         where merchant_id = 0 and (why is not null or later is not null);

        if v_n <> 0 then
            raise exception 'a line was written without its lock';
        end if;

        for n in 1 .. coalesce(cardinality(v_i), 0) loop
            if v_why[n] is not null then
                reason[v_i[n]] := spend_reason(v_why[n]);
            else
                later[v_i[n]] := v_later[n];
            end if;
        end loop;

        v_k := v_k + 1;
    end loop;
end
$$;

revoke all on function carrierpay.spend_reserve from public;

commit;
