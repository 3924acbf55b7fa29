-- Deploy carrierpay:payment_decline to pg
-- requires: attempt
-- requires: spend_release
-- requires: event
-- requires: outbox

-- The part of payment_finish for charges and reservations of a shopper's page
-- that were declined: nothing was charged, so the payment waits for another
-- try, as it did before, and keeps its time; a row of `attempt` has what came
-- of this one.  It fails with this reason when its time is over, or when it
-- has been tried five times: the shopper has tried, so it has not just
-- expired.
--
-- It returns which operations it has applied.
--
-- Called in the transaction and with the planner settings of payment_finish,
-- which has locked the payments p_locked and their lines.

begin;
set local role carrierpay_owner;

create function carrierpay.payment_decline(p_payment_id bigint[],
    p_attempt bigint[], p_outcome text[], p_code text[],
    p_operator_reference text[], p_locked bigint[], p_now bigint)
returns int[]
language plpgsql
set search_path = carrierpay, pg_temp
as $$
declare
    c_attempts constant int := 5;
    v_ord      int[];
    v_id       bigint[];
    v_amount   bigint[];
    v_low      bigint;
    v_high     bigint;
begin
    select array_agg(o.ord), array_agg(p.id), array_agg(p.amount),
           min(p.id), max(p.id)
      into v_ord, v_id, v_amount, v_low, v_high
      from (select p_payment_id[i] as id, p_attempt[i] as attempt,
                   min(i) as ord
              from generate_subscripts(p_payment_id, 1) as i
             where p_outcome[i] = 'failed' and p_payment_id[i] = any (p_locked)
             group by 1, 2) o
     cross join lateral (
           -- a capture is declined to the merchant, and not to the shopper
           select p.id, p.amount from payment p
            where p.id = o.id and p.state = 'r' and p.attempt = o.attempt
              and p.attempt <> p.id
              and case when p.manual then p.hold = 'r' else true end
           offset 0) p;

    if v_id is null then
        return '{}';
    end if;

    perform spend_release(v_id, v_amount);

    with op as materialized (
        select v_ord[i] as ord, p.*,
               p.expires <= p_now or p.number >= c_attempts as over
          from generate_subscripts(v_id, 1) as i
         cross join lateral (
               select p.id, p.attempt, p.subscriber_id, p.contract_id,
                      p.operator, p.expires, p.events + 1 as events,
                      p.merchant_id, p.live,
                      coalesce(p.attempts, 0) + 1 as number
                 from payment p
                where p.id = v_id[i] and p.id between v_low and v_high
               offset 0) p
    ), declined as (
        insert into attempt (payment_id, id, at, subscriber_id, contract_id,
                             number, operator, failure_code,
                             operator_reference)
        select id, attempt, p_now, subscriber_id, contract_id, number,
               operator, p_code[ord], p_operator_reference[ord]
          from op
    ), waits as (
        update payment p
           set state = 'p', attempt = null, consent_id = null,
               subscriber_id = null, pseudonym_id = null, share = null,
               tax = null, fee = null, contract_id = null, spend_day = null,
               spend_apart = false, operator = null, language = null,
               events = o.events, attempts = o.number,
               outcome_unknown = false, approval = false, hold = null
          from op o
         where p.id = any (v_id) and p.id between v_low and v_high
           and p.id = o.id and not o.over
    ), ended as (
        update payment p
           set state = 'f', ended = p_now, failure_code = p_code[o.ord],
               operator_reference = p_operator_reference[o.ord],
               events = o.events, attempts = o.number,
               outcome_unknown = false, approval = false, hold = null
          from op o
         where p.id = any (v_id) and p.id between v_low and v_high
           and p.id = o.id and o.over
    ), expires as (
        insert into payment_due (payment_id, due_at)
        select id, expires from op where not over order by id
        on conflict (payment_id) do update
           set due_at = excluded.due_at, token = null, attempts = 0
    ), settled as (
        delete from payment_due d
         where d.payment_id = any (array(select id from op where over))
    ), told as (
        insert into event (payment_id, at, seq, kind)
        select id, p_now, events, 't' from op where not over
    )
    insert into outbox (due_at, payment_id, seq, endpoint_id)
    select p_now, o.id, o.events, e.id
      from op o
     cross join lateral (
           select e.id from endpoint e
            where e.merchant_id = o.merchant_id and e.live = o.live
              and e.enabled offset 0) e;

    return v_ord;
end
$$;

revoke all on function carrierpay.payment_decline from public;

commit;
