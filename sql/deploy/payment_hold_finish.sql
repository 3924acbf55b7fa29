-- Deploy carrierpay:payment_hold_finish to pg
-- requires: payment
-- requires: attempt
-- requires: event
-- requires: outbox
-- requires: incident
-- requires: basics

-- The part of payment_finish for payments in two steps: what became of the
-- reservation, and of its release.  Their outcomes have words of their own, so
-- that one which is told twice, and late, is not taken for another's:
-- 'reserved', 'voided' and 'void_refused'; and 'failed', as a charge.
--
-- A reservation that was made is an authorized payment, which waits for its
-- capture as long as operators hold money, and is voided then; one that was
-- declined is a failed payment.  A payment whose reservation was released is
-- canceled, or expired, as it was released for.  An operator that refuses to
-- release one holds the money until the reservation ends by itself, so the
-- payment ends all the same, and it is an incident; as it is when money is
-- held for a payment, or an attempt, that is recorded as failed.  A decline on
-- a shopper's page is served by payment_decline, before.
--
-- It returns which operations it has applied, the first of each payment that
-- applies; and which contradict what is recorded.
--
-- Called in the transaction and with the planner settings of payment_finish,
-- which has locked the payments p_locked.

begin;
set local role carrierpay_owner;

create function carrierpay.payment_hold_finish(p_payment_id bigint[],
    p_attempt bigint[], p_outcome text[], p_code text[],
    p_operator_reference text[], p_locked bigint[], p_now bigint,
    out applied int[], out contradict int[])
language plpgsql
set search_path = carrierpay, pg_temp
as $$
declare
    c_hold constant bigint := 604800000;    -- 7 days
    v_low  bigint;
    v_high bigint;
begin
    select min(id), max(id) into v_low, v_high from unnest(p_payment_id) as id;

    with op as (
        select distinct on (p.id) p.id, p.hold, o.ord, o.done
          from (select p_payment_id[i] as id, i as ord,
                       p_outcome[i] in ('reserved', 'voided') as done,
                       case when p_outcome[i] in ('reserved', 'failed') then
                           '{r}' else '{v,x}' end::"char"[] as holds
                  from generate_subscripts(p_payment_id, 1) as i
                 where p_outcome[i] in ('reserved', 'failed', 'voided',
                                        'void_refused')
                   and p_payment_id[i] = any (p_locked)) o
         cross join lateral (
               select p.id, p.hold from payment p
                where p.id = o.id and p.attempt = p_attempt[o.ord]
                  and p.state = 'r' and p.hold = any (o.holds)
               offset 0) p
         order by p.id, o.ord
    ), done as (
        update payment p
           set state = case when o.hold = 'v' then 'c' when o.hold = 'x' then
                           'x' when o.done then 'a' else 'f' end::"char",
               hold = null, outcome_unknown = false, approval = false,
               events = p.events + 1,
               held_until = case when o.hold = 'r' and o.done then
                                p_now + c_hold else p.held_until end,
               ended = case when o.hold = 'r' and o.done then null
                       else p_now end,
               failure_code = case when o.hold = 'r' and not o.done then
                                  p_code[o.ord] end,
               operator_reference = coalesce(p_operator_reference[o.ord],
                                             p.operator_reference)
          from op o
         where p.id = any (array(select id from op))
           and p.id between v_low and v_high and p.id = o.id
        returning p.id, p.state, p.events, p.held_until, p.merchant_id,
                  p.live, p.operator, o.ord, o.hold, o.done
    ), waits as (
        insert into payment_due (payment_id, due_at)
        select id, held_until from done where state = 'a' order by id
        on conflict (payment_id) do update
           set due_at = excluded.due_at, token = null, attempts = 0
    ), ended as (
        delete from payment_due d
         where d.payment_id = any (array(select id from done
                                          where state <> 'a'))
    ), told as (
        insert into event (payment_id, at, seq, kind)
        select id, p_now, events, 'h' from done where state = 'a'
    ), owed as (
        insert into outbox (due_at, payment_id, seq, endpoint_id)
        select p_now, d.id, d.events, e.id
          from done d
         cross join lateral (
               select e.id from endpoint e
                where e.merchant_id = d.merchant_id and e.live = d.live
                  and e.enabled offset 0) e
    ), held as materialized (
        select i, p.id, coalesce(a.operator, p.operator) as operator,
               coalesce('attempt ' || a.number || ' failed',
                        state_name(p.state)) as recorded,
               concat('attempt ' || a.number || ' ', 'reserved') as said
          from generate_subscripts(p_payment_id, 1) as i
         cross join lateral (
               select p.id, p.operator, p.state, p.attempts from payment p
                where p.id = p_payment_id[i]
                  and (p.state = 'f' and p.held_until is null
                       or p.attempt is distinct from p_attempt[i]) offset 0) p
          left join lateral (
               select a.number, a.operator from attempt a
                where p.attempts is not null and a.payment_id = p.id
                  and a.id = p_attempt[i] offset 0) a on true
         where p_outcome[i] = 'reserved' and p_payment_id[i] = any (p_locked)
    ), noted as (
        insert into incident (at, kind, payment_id, operator, recorded, said,
                              code, reference)
        select p_now, 'void_refused', id, operator, state_name(state),
               p_outcome[ord], p_code[ord], p_operator_reference[ord]
          from done where hold <> 'r' and not done.done
        union all
        select p_now, 'reserved_not_recorded', id, operator, recorded, said,
               null, p_operator_reference[i]
          from held
        on conflict (payment_id, said, reference) do nothing
    )
    select array(select ord from done), array(select i from held)
      into applied, contradict;
end
$$;

revoke all on function carrierpay.payment_hold_finish from public;

commit;
