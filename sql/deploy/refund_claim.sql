-- Deploy carrierpay:refund_claim to pg
-- requires: refund
-- requires: basics

-- Leases refunds that a worker must look at.  One that has not been tried is
-- asked for, a reversal; of the others, which are of some age, in ms, the
-- operator is asked what has become of them.  Otherwise as payment_claim.

begin;
set local role carrierpay_owner;

create function carrierpay.refund_claim(p_max int, p_lease_ms int,
    p_token bigint)
returns table (fresh bool, age bigint, id bigint, payment_id bigint,
    number int, merchant_id int, live bool, amount bigint, currency text,
    kind text, way text, state text, outcome_unknown bool, reason text,
    failure_code text, ended bigint, operator text, msisdn bytea,
    description text, attempt int)
language plpgsql security definer
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
as $$
#variable_conflict use_column
declare
    v_now   bigint := now_ms();
    v_id    bigint[];
    v_fresh bool[];
    v_since bigint[];
begin
    select array_agg(d.refund_id),
           array_agg(d.attempts = 0 and d.token is null),
           array_agg(d.since)
      into v_id, v_fresh, v_since
      from (select d.refund_id, d.attempts, d.token, d.since from refund_due d
             where d.due_at <= v_now
             order by d.due_at
             limit p_max
               for update skip locked) d;

    if v_id is null then
        return;
    end if;

    update refund_due d
       set due_at = v_now + p_lease_ms, token = p_token,
           attempts = d.attempts + 1
     where d.refund_id = any (v_id);

    return query
    select v_fresh[i], v_now - v_since[i], r.*
      from generate_subscripts(v_id, 1) as i
     cross join lateral (
           select * from refund_view r where r.id = v_id[i] offset 0) r
     order by i;
end
$$;

revoke all on function carrierpay.refund_claim from public;
grant execute on function carrierpay.refund_claim to carrierpay;

commit;
