-- Deploy carrierpay:payment_conflict to pg
-- requires: incident
-- requires: payment
-- requires: payment_late

-- The part of payment_finish for outcomes that were not applied, since the
-- payment has another state already.  Most of them repeat what is recorded.
-- One contradicts it when it says that money moved where none is recorded, or
-- that none moved where some is, or when the money has another reference of
-- the operator than before: that becomes an incident.  A failure contradicts
-- nothing but a success, for no money moved, as recorded.  A charge that is
-- not recorded is posted and paid back besides: see payment_late.
--
-- It returns those of the operations p_ord that contradict.
--
-- Called in the transaction of payment_finish.

begin;
set local role carrierpay_owner;

create function carrierpay.payment_conflict(p_ord int[], p_payment_id bigint[],
    p_outcome text[], p_code text[], p_operator_reference text[],
    p_now bigint)
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
    v_late     bigint[];
    v_id       bigint;
begin
    with said as (
        select o, p.state, p.operator, p.operator_reference,
               case when p_outcome[o] = 'succeeded'
                         and p.state is distinct from 's' then
                        'charged_not_recorded'
                    when p_outcome[o] = 'succeeded'
                         and p.operator_reference
                             <> p_operator_reference[o] then
                        'charged_twice'
                    when p_outcome[o] = 'failed' and p.state = 's' then
                        'recorded_not_charged' end as kind
          from unnest(p_ord) as o
          left join lateral (
               select p.state, p.operator, p.operator_reference
                 from payment p where p.id = p_payment_id[o] offset 0) p
            on true
    ), noted as (
        insert into incident (at, kind, payment_id, operator, recorded,
                              recorded_reference, said, code, reference)
        select p_now, kind, p_payment_id[o], operator, state_name(state),
               operator_reference, p_outcome[o], p_code[o],
               p_operator_reference[o]
          from said
         where kind is not null
         order by p_payment_id[o], o
        on conflict (payment_id, said, reference) do nothing
    )
    select array(select o from said where kind is not null),
           array(select p_payment_id[o] from said
                  where kind = 'charged_not_recorded'
                  order by p_payment_id[o])
      into v_conflict, v_late;

    foreach v_id in array v_late loop
        perform payment_late(v_id, p_now);
    end loop;

    return v_conflict;
end
$$;

revoke all on function carrierpay.payment_conflict from public;

commit;
