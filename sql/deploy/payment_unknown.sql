-- Deploy carrierpay:payment_unknown to pg
-- requires: event
-- requires: incident
-- requires: basics

-- The part of payment_finish for outcomes that are not known, or wait for the
-- subscriber's approval on the handset.  It notes the outcome, says when to
-- ask the operator again, and writes the first event of a payment that has
-- none: that is then the answer to its creation.  It returns the operations
-- that it has served; payments in p_busy are left alone.
--
-- An outcome that stays unknown is asked for eighteen times, a prompt that
-- stays open 132 times: both in three days.  Then no worker asks any more:
-- people find it out from the operator's files, and until they say what it
-- was it is an incident, which names the attempt, and the step of one in two
-- steps: each of them is one.  These operations are returned as unsettled.
--
-- A subscriber answers a prompt within seconds, so the worker asks the
-- operator often, for as long as operators keep a prompt open.  When one of
-- these questions stays without an answer, the schedule starts anew: they have
-- not counted as tries.
--
-- Called in the transaction and with the planner settings of payment_finish.

begin;
set local role carrierpay_owner;

create function carrierpay.payment_unknown(p_payment_id bigint[],
    p_attempt bigint[], p_outcome text[], p_busy bigint[], p_now bigint,
    out served int[], out unsettled int[])
language plpgsql
as $$
declare
    c_tries    constant int := 18;
    c_prompts  constant int := 132;
    c_prompt   constant int := 3600000;
    v_low      bigint;
    v_high     bigint;
begin
    select min(id), max(id) into v_low, v_high from unnest(p_payment_id) as id;

    with op as (
        select o.id, min(o.ord) as ord
          from (select p_payment_id[i] as id, p_attempt[i] as attempt, i as ord
                  from generate_subscripts(p_payment_id, 1) as i
                 where p_outcome[i] in ('unknown', 'approval')
                   and p_payment_id[i] <> all (p_busy)) o
         group by o.id, o.attempt
         order by o.id
    ), asked as (
        update payment p
           set outcome_unknown = p_outcome[o.ord] = 'unknown',
               approval = p_outcome[o.ord] = 'approval',
               events = greatest(p.events, 1)
          from op o
         where p.id = any (p_payment_id) and p.id between v_low and v_high
           and p.id = o.id and p.state = 'r' and p.attempt = p_attempt[o.ord]
        returning o.ord, p.id, p.attempt, p.approval, p.operator,
                  concat('attempt ' || p.attempts + 1 || ' ',
                         case when p.hold = 'r' then 'reserve '
                              when p.hold is not null then 'void '
                              when p.manual then 'capture ' end,
                         'unknown') as said
    ), told as (
        insert into event (payment_id, at, seq, kind)
        select id, p_now, 1, case when approval then 'a' else 'u' end::"char"
          from asked
         where attempt = id
        on conflict (payment_id, seq) do nothing
        returning payment_id as id
    ), prompted as materialized (
        -- as it was before this statement
        select p.id from payment p
         where p.id = any (p_payment_id) and p.id between v_low and v_high
           and p.approval
           and id_time(p.attempt) > p_now - c_prompt
    ), wait as (
        select a.id, a.approval, p.id is not null and not a.approval as anew
          from asked a
          left join prompted p on p.id = a.id
    ), over as (
        delete from payment_due d
         using wait w
         where d.payment_id = any (array(select id from asked))
           and d.payment_id = w.id
           and d.attempts >= case when w.approval then c_prompts
                                  else c_tries end
           and not w.anew
        returning d.payment_id as id
    ), noted as (
        insert into incident (at, kind, payment_id, operator, recorded, said)
        select p_now, 'outcome_unknown', a.id, a.operator, 'processing',
               a.said
          from asked a
          join over using (id)
        on conflict (payment_id, said, reference) do nothing
    ), later as (
        update payment_due d
           set attempts = case when w.anew then 0 else d.attempts end,
               token = null,
               due_at = p_now + case
                   when w.approval and d.attempts < 90 then 2000
                   when w.approval and d.attempts < 120 then 60000
                   when w.anew then retry_ms(0)
                   else retry_ms(d.attempts) end
          from wait w
         where d.payment_id = any (array(select id from asked))
           and d.payment_id = w.id
           and d.payment_id <> all (array(select id from over))
    ), first as (
        -- a charge without a page has had none
        insert into payment_due (payment_id, due_at)
        select w.id, p_now + case when w.approval then 2000
                                  else retry_ms(0) end
          from wait w
          join told using (id)
         order by w.id
        on conflict (payment_id) do nothing
    )
    select array(select ord from asked),
           array(select ord from asked join over using (id))
      into served, unsettled;
end
$$;

revoke all on function carrierpay.payment_unknown from public;

commit;
