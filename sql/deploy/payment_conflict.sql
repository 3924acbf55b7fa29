-- Deploy carrierpay:payment_conflict to pg
-- requires: incident
-- requires: payment
-- requires: attempt
-- requires: payment_late

-- The part of payment_finish for outcomes that were not applied, since the
-- payment has another state already, or another attempt.  Most of them repeat
-- what is recorded.  One contradicts it when it says that money moved where
-- none is recorded, or that none moved where some is, or when the money has
-- another reference of the operator than before: that becomes an incident.  A
-- failure contradicts nothing but a success, for no money moved, as recorded.
-- A charge that is not recorded is posted and paid back besides: see
-- payment_late.
--
-- It returns those of the operations p_ord that contradict.
--
-- Called in the transaction of payment_finish.

begin;
set local role carrierpay_owner;

create function carrierpay.payment_conflict(p_ord int[], p_payment_id bigint[],
    p_attempt bigint[], p_outcome text[], p_code text[],
    p_operator_reference text[], p_now bigint)
returns int[]
language plpgsql
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
set enable_memoize = off
set enable_nestloop = on
as $$
declare
    v_conflict int[];
    v_late     int[];
    v_o        int;
begin
    with said as (
        select o, coalesce(a.operator, p.operator) as operator,
               case when a.number is null then state_name(p.state)
               else 'attempt ' || a.number || ' failed' end as recorded,
               case when a.number is null then p.operator_reference
               else a.operator_reference end as operator_reference,
               concat('attempt ' || a.number || ' ', p_outcome[o]) as said,
               case when p_outcome[o] = 'succeeded' and not own.succeeded then
                        'charged_not_recorded'
                    when p_outcome[o] = 'succeeded'
                         and p.operator_reference
                             <> p_operator_reference[o] then
                        'charged_twice'
                    when p_outcome[o] = 'failed' and own.succeeded then
                        'recorded_not_charged' end as kind
          from unnest(p_ord) as o
          left join lateral (
               select p.state, p.operator, p.operator_reference, p.attempt,
                      p.attempts
                 from payment p where p.id = p_payment_id[o] offset 0) p
            on true
          left join lateral (
               select a.number, a.operator, a.operator_reference
                 from attempt a
                where p.attempts is not null
                  and a.payment_id = p_payment_id[o] and a.id = p_attempt[o]
               offset 0) a on true
         cross join lateral (
               select coalesce(p.state = 's' and p.attempt = p_attempt[o],
                               false) as succeeded) own
    ), noted as (
        insert into incident (at, kind, payment_id, operator, recorded,
                              recorded_reference, said, code, reference)
        select p_now, kind, p_payment_id[o], operator, recorded,
               operator_reference, said, p_code[o], p_operator_reference[o]
          from said
         where kind is not null
         order by p_payment_id[o], o
        on conflict (payment_id, said, reference) do nothing
    )
    select array(select o from said where kind is not null),
           array(select o from said
                  where kind = 'charged_not_recorded'
                  order by p_payment_id[o], o)
      into v_conflict, v_late;

    foreach v_o in array v_late loop
        perform payment_late(p_payment_id[v_o], p_attempt[v_o], p_now);
    end loop;

    return v_conflict;
end
$$;

revoke all on function carrierpay.payment_conflict from public;

commit;
