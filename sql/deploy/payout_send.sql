-- Deploy carrierpay:payout_send to pg
-- requires: payout
-- requires: incident
-- requires: outbox
-- requires: basics

-- What a worker does with payouts: it leases those that it must look at,
-- commits the intent to send one, and writes what became of it.

begin;
set local role carrierpay_owner;
set local search_path = carrierpay, pg_temp;

-- Leases payouts, as payment_claim does payments.  A fresh one is queued; of
-- the others, which were begun to be sent so many ms ago, the operator is
-- asked what has become of them.
create function carrierpay.payout_claim(p_max int, p_lease_ms int,
    p_token bigint)
returns table (fresh bool, age bigint, id bigint, merchant_id int,
    live bool, operator text, amount bigint, currency text, reference text,
    state text, outcome_unknown bool, failure_code text, ended bigint,
    msisdn bytea)
language plpgsql security definer
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
as $$
#variable_conflict use_column
declare
    v_now bigint := now_ms();
    v_id  bigint[];
begin
    v_id := array(
        select d.payout_id from payout_due d
         where d.due_at <= v_now
         order by d.due_at
         limit p_max
           for update skip locked);

    update payout_due d
       set due_at = v_now + p_lease_ms, token = p_token,
           attempts = d.attempts + 1
     where d.payout_id = any (v_id);

    return query
    select p.begun is null, v_now - p.begun, v.*
      from unnest(v_id) with ordinality as i (id, ord)
     cross join lateral (
           select p.begun from payout p where p.id = i.id offset 0) p
     cross join lateral (
           select * from payout_view v where v.id = i.id offset 0) v
     order by i.ord;
end
$$;

-- Commits the intent to send a payout: 'processing', and then, and only then,
-- the caller calls the operator.  'canceled'; or 'already', another worker has
-- begun it.
create function carrierpay.payout_begin(p_id bigint)
returns table (result text)
language plpgsql security definer
set search_path = carrierpay, pg_temp
as $$
declare
    v_state "char";
begin
    select p.state into v_state from payout p
     where p.id = p_id for no key update;

    if v_state = 'q' then
        update payout p set state = 'r', begun = now_ms() where p.id = p_id;
    end if;

    return query
    select case v_state when 'q' then 'processing' when 'c' then 'canceled'
           else 'already' end;
end
$$;

-- The payout has ended before.  An outcome that cannot be true beside that is
-- an incident.
create function carrierpay.payout_conflict(p carrierpay.payout,
    p_outcome text, p_code text, p_reference text)
returns text
language plpgsql
set search_path = carrierpay, pg_temp
as $$
begin
    if p_outcome not in ('succeeded', 'failed')
       or (p_outcome = 'succeeded') = (p.state = 's') then
        return 'already';
    end if;

    insert into incident (at, kind, payment_id, operator, recorded,
                          recorded_reference, said, code, reference)
    values (now_ms(), case p_outcome when 'failed' then 'recorded_not_paid_out'
                      else 'paid_out_not_recorded' end,
            p.id, p.operator, 'payout ' || payout_state_name(p.state),
            p.operator_reference, 'payout ' || p_outcome, p_code, p_reference)
    on conflict (payment_id, said, reference) do nothing;

    return 'conflict';
end
$$;

-- The operator is asked again later, eighteen times in three days; then
-- people have to find out.
create function carrierpay.payout_unknown(p carrierpay.payout) returns text
language plpgsql
set search_path = carrierpay, pg_temp
as $$
declare
    c_tries constant int := 18;
begin
    update payout x set outcome_unknown = true where x.id = p.id;

    delete from payout_due d
     where d.payout_id = p.id and d.attempts > c_tries;

    if found then
        insert into incident (at, kind, payment_id, operator, recorded, said)
        values (now_ms(), 'payout_unknown', p.id, p.operator,
                'payout sending', 'payout unknown')
        on conflict (payment_id, said, reference) do nothing;

        return 'conflict';
    end if;

    update payout_due d
       set due_at = now_ms() + retry_ms(d.attempts - 1), token = null
     where d.payout_id = p.id;

    return 'applied';
end
$$;

-- Writes what became of a payout that was sent: its state, the posting, and
-- what is owed to the merchant's endpoints.  The first outcome wins; one that
-- contradicts it is an incident: 'conflict'.  Other results: 'applied';
-- 'already', it repeats what is recorded; 'not_found', it was not sent.
create function carrierpay.payout_finish(p_id bigint, p_outcome text,
    p_code text, p_operator_reference text)
returns table (result text, state text, outcome_unknown bool,
    failure_code text)
language plpgsql security definer
set search_path = carrierpay, pg_temp
as $$
#variable_conflict use_column
declare
    v        payout;
    v_result text := 'applied';
begin
    select * into v from payout p
     where p.id = p_id and p.begun is not null for no key update;

    if not found then
        return query select 'not_found', null::text, null::bool, null::text;
        return;
    end if;

    if v.ended is not null then
        v_result := payout_conflict(v, p_outcome, p_code,
                                    p_operator_reference);

    elsif p_outcome not in ('succeeded', 'failed') then
        v_result := payout_unknown(v);

    else
        perform payout_end(v, case p_outcome when 'succeeded' then 's'
                              else 'f' end::"char",
                           case p_outcome when 'failed' then p_code end,
                           p_operator_reference);

        insert into outbox (due_at, payment_id, seq, endpoint_id)
        select now_ms(), v.id, 1, e.id
          from endpoint e
         where e.merchant_id = v.merchant_id and e.live = v.live
           and e.enabled;
    end if;

    return query
    select v_result, payout_state_name(p.state), p.outcome_unknown,
           p.failure_code
      from payout p where p.id = p_id;
end
$$;

revoke all on function payout_claim, payout_begin, payout_conflict,
    payout_unknown, payout_finish from public;
grant execute on function payout_claim, payout_begin, payout_finish
    to carrierpay;

commit;
