-- Deploy carrierpay:payment_claim to pg
-- requires: payment_view
-- requires: payment_sweep
-- requires: basics

-- Leases payments that a worker must look at: pending ones past their expiry,
-- and processing ones whose outcome is not known.  There is no leader: each
-- session steps over the rows that another one is claiming.
--
-- Planner settings: see payment_create.

begin;
set local role carrierpay_owner;

create function carrierpay.payment_claim(p_max int, p_lease_ms int,
    p_token bigint)
returns setof carrierpay.payment_view
language plpgsql security definer
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
as $$
declare
    v_now  bigint := now_ms();
    v_id   bigint[];
    v_low  bigint;
    v_high bigint;
begin
    perform payment_sweep(v_now);

    v_id := array(
        select d.payment_id from payment_due d
         where d.due_at <= v_now
         order by d.due_at
         limit p_max
           for update skip locked);

    select min(id), max(id) into v_low, v_high from unnest(v_id) as id;

    -- the sweep may have seen one that was just about to end
    delete from payment_due d
     where d.payment_id = any (v_id)
       and exists (select from payment p
                    where p.id = d.payment_id
                      and p.id between v_low and v_high
                      and p.ended is not null offset 0);

    if found then
        v_id := array(select d.payment_id from payment_due d
                       where d.payment_id = any (v_id)
                       order by d.due_at);
    end if;

    if cardinality(v_id) = 0 then
        return;
    end if;

    update payment_due d
       set due_at = v_now + p_lease_ms, token = p_token,
           attempts = d.attempts + 1
     where d.payment_id = any (v_id);

    return query
    select v.*
      from generate_subscripts(v_id, 1) as i
     cross join lateral (
           select * from payment_view v
            where v.id = v_id[i] and v.id between v_low and v_high
           offset 0) v
     order by i;
end
$$;

revoke all on function carrierpay.payment_claim from public;
grant execute on function carrierpay.payment_claim to carrierpay;

commit;
