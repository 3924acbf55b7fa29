-- Deploy carrierpay:line_due to pg
-- requires: line
-- requires: last_sender
-- requires: basics

-- What is owed to lines of other cells (see line): leased, carried over, and
-- forgotten.

begin;
set local role carrierpay_owner;

create function carrierpay.line_due_claim(p_max int, p_lease_ms int,
    p_token bigint)
returns table (id bigint, payment_id bigint, attempt bigint, kind text,
    msisdn_index bytea, merchant_id int, live bool, pseudonym_id bigint,
    consent_id bigint, amount bigint, currency text, day int, apart bool)
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
    v_rows := array(select d.ctid from line_due d where d.due_at <= v_now
                     order by d.due_at limit p_max for update skip locked);

    return query
    update line_due d
       set due_at = v_now + p_lease_ms, token = p_token,
           attempts = d.attempts + 1
     where d.ctid = any (v_rows)
    returning d.id, d.payment_id, d.attempt, d.kind::text, d.msisdn_index,
              d.merchant_id, d.live, d.pseudonym_id, d.consent_id, d.amount,
              d.currency, d.day - '1970-01-01'::date, d.apart;
end
$$;

-- It was carried over.
create function carrierpay.line_due_done(p_id bigint[])
returns table (ord int)
language plpgsql security definer
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
as $$
begin
    delete from line_due d where d.id = any (p_id);

    return query select i from generate_subscripts(p_id, 1) as i;
end
$$;

-- In the cell of the lines: does what was not done before.  An amount of an
-- old payment, of a refund as a rule, is in no total any more, and is noted
-- nowhere: the partition of line_settled where it would be may have ended.
--
-- Locks: the lines, in the order of their keys, then the pseudonyms, in that
-- of their ids, then rows of last_sender, in that of their keys.
create function carrierpay.line_settle(p_due bigint[], p_payment_id bigint[],
    p_attempt bigint[], p_kind text[], p_index bytea[], p_merchant_id int[],
    p_live bool[], p_pseudonym_id bigint[], p_consent_id bigint[],
    p_amount bigint[], p_currency text[], p_day int[], p_apart bool[])
returns table (ord int)
language plpgsql security definer
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
as $$
#variable_conflict use_column
declare
    c_counts constant bigint := 8640000000;     -- 100 days
    v_old bigint := id_first(now_ms() - c_counts);
    r record;
    i int;
begin
    with fresh as (
        insert into line_settled (payment_id, due)
        select p_payment_id[i], p_due[i]
          from generate_subscripts(p_due, 1) as i
         where p_kind[i] = 'r' and p_payment_id[i] >= v_old
         order by 1, 2
        on conflict (payment_id, due) do nothing
        returning payment_id, due
    )
    select array_agg(p_index[i]) as index, array_agg(p_live[i]) as live,
           array_agg(p_merchant_id[i]) as merchant_id,
           array_agg(p_apart[i]) as apart,
           array_agg(p_attempt[i] = p_payment_id[i]) as unasked,
           array_agg(p_currency[i]) as currency,
           array_agg('1970-01-01'::date + p_day[i]) as day,
           array_agg(p_amount[i]) as amount
      into r
      from fresh f
     cross join lateral (
           select min(i) as i from generate_subscripts(p_due, 1) as i
            where p_payment_id[i] = f.payment_id and p_due[i] = f.due
           offset 0) o;

    if r.index is not null then
        perform line_back(r.index, r.live, r.merchant_id, r.apart, r.unasked,
                          r.currency, r.day, r.amount);
    end if;

    for i in
        select n from generate_subscripts(p_due, 1) as n where p_kind[n] = 'k'
         order by p_pseudonym_id[n], p_consent_id[n]
    loop
        update pseudonym n
           set known_since = now_ms(), consent_id = p_consent_id[i]
         where n.id = p_pseudonym_id[i] and n.known_since is null;

        -- as allowance_give; a consent has the time of its attempt
        update pseudonym n
           set consent_id = p_consent_id[i], later_max = p_amount[i],
               currency = p_currency[i]
         where n.id = p_pseudonym_id[i] and p_amount[i] > 0
           and id_time(p_consent_id[i]) > coalesce(n.renewed, 0)
           and (n.later_max is null or n.consent_id < p_consent_id[i]);
    end loop;

    for i in
        select n from generate_subscripts(p_due, 1) as n
         where p_kind[n] in ('s', 'u')
         order by p_index[n], p_merchant_id[n], p_live[n], p_attempt[n],
                  p_kind[n]
    loop
        perform last_sender_elsewhere(p_kind[i], p_attempt[i], p_index[i],
                                      p_merchant_id[i], p_live[i]);
    end loop;

    return query select n from generate_subscripts(p_due, 1) as n;
end
$$;

revoke all on function carrierpay.line_due_claim, carrierpay.line_due_done,
    carrierpay.line_settle from public;
grant execute on function carrierpay.line_due_claim, carrierpay.line_due_done,
    carrierpay.line_settle to carrierpay;

commit;
