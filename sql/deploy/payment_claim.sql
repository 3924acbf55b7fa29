-- Deploy carrierpay:payment_claim to pg
-- requires: payment_view
-- requires: basics

-- Leases payments that somebody must look at: pending ones past their
-- expiry, processing ones whose outcome is not known.  Nobody is leader:
-- what another session is claiming is stepped over.

begin;
set local role carrierpay_owner;

create function carrierpay.payment_claim(p_max int, p_lease_ms int,
    p_token bigint)
returns setof carrierpay.payment_view
language plpgsql security definer
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
declare
    v_now bigint := now_ms();
    v_id  bigint[];
begin
    with due as materialized (
        select payment_id from payment_due
         where due_at <= v_now
         order by due_at
         limit p_max
           for update skip locked
    ), leased as (
        update payment_due d
           set due_at = v_now + p_lease_ms, token = p_token,
               attempts = d.attempts + 1
          from due
         where d.payment_id = due.payment_id
        returning d.payment_id
    )
    select array(select payment_id from leased) into v_id;

    if cardinality(v_id) > 0 then
        return query
        select v.*
          from unnest(v_id) as o (id)
          join payment_view v on v.id = o.id;
    end if;
end
$$;

revoke all on function carrierpay.payment_claim from public;
grant execute on function carrierpay.payment_claim to carrierpay;

commit;
