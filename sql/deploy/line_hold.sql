-- Deploy carrierpay:line_hold to pg
-- requires: line
-- requires: payment
-- requires: consent
-- requires: basics

-- What becomes of holds whose time is over (see line): they are leased in the
-- cell of the line, the cell of the payment is asked, and they go.

begin;
set local role carrierpay_owner;

create function carrierpay.line_hold_claim(p_max int, p_lease_ms int,
    p_token bigint)
returns table (payment_id bigint, attempt bigint, until bigint)
language plpgsql security definer
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
as $$
#variable_conflict use_column
declare
    v_now  bigint := now_ms();
    v_rows tid[];
begin
    v_rows := array(select h.ctid from line_hold h where h.due_at <= v_now
                     order by h.due_at limit p_max for update skip locked);

    return query
    update line_hold h set due_at = v_now + p_lease_ms
     where h.ctid = any (v_rows)
    returning h.payment_id, h.attempt, h.until;
end
$$;

-- In the cell of the payment: have these attempts begun?  They cannot begin
-- any more, once it is p_until here; but a transaction that has begun one may
-- still be committing, so it is waited for.  Before that the answer is null.
-- A charge without a page that is refused has a payment, too, which fails and
-- was counted in no day.
create function carrierpay.payment_begun(p_attempt bigint[],
    p_until bigint[])
returns table (ord int, begun bool)
language plpgsql security definer
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
as $$
declare
    v_now bigint;
begin
    perform pg_advisory_xact_lock(1768187246);
    v_now := now_ms();

    return query
    select i, case when p_until[i] <= v_now then
                  exists (select from payment p
                           where p.id = p_attempt[i]
                             and p.spend_day is not null)
                  or exists (select from consent c where c.id = p_attempt[i])
              end
      from generate_subscripts(p_attempt, 1) as i;
end
$$;

-- In the cell of the line: the holds go, and what they have counted, if no
-- attempt was begun for them.
create function carrierpay.line_hold_end(p_payment_id bigint[],
    p_attempt bigint[], p_begun bool[])
returns table (ord int)
language plpgsql security definer
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
as $$
#variable_conflict use_column
declare
    r record;
begin
    with gone as (
        delete from line_hold h
         where h.ctid = any (array(
                   select l.tid
                     from generate_subscripts(p_attempt, 1) as i
                    cross join lateral (
                          select x.ctid as tid from line_hold x
                           where x.payment_id = p_payment_id[i]
                             and x.attempt = p_attempt[i] offset 0) l))
        returning h.*
    )
    select array_agg(msisdn_index) as index, array_agg(live) as live,
           array_agg(merchant_id) as merchant_id, array_agg(apart) as apart,
           array_agg(attempt = payment_id) as unasked,
           array_agg(currency) as currency, array_agg(day) as day,
           array_agg(amount) as amount
      into r
      from gone
     where not p_begun[array_position(p_attempt, attempt)];

    if r.index is not null then
        perform line_back(r.index, r.live, r.merchant_id, r.apart, r.unasked,
                          r.currency, r.day, r.amount);
    end if;

    return query select i from generate_subscripts(p_attempt, 1) as i;
end
$$;

revoke all on function carrierpay.line_hold_claim, carrierpay.payment_begun,
    carrierpay.line_hold_end from public;
grant execute on function carrierpay.line_hold_claim,
    carrierpay.payment_begun, carrierpay.line_hold_end to carrierpay;

commit;
