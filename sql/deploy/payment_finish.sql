-- Deploy carrierpay:payment_finish to pg
-- requires: payment_unknown
-- requires: payment_conflict
-- requires: payment_hold_finish
-- requires: payment_decline
-- requires: journal
-- requires: event
-- requires: message_receipts
-- requires: spend_release
-- requires: allowance
-- requires: subscriber
-- requires: basics

-- Writes outcomes: the state, the journal of a charge, what is owed to the
-- merchant's endpoints, and the receipts: by SMS and by e-mail,
-- where the caller gives an id for one.  The first outcome of a payment wins,
-- and another one that contradicts it is an incident: the result 'conflict'.
-- What another session holds is not waited for: 'busy', to be told again.
-- 'unknown' is none, and neither is 'approval', for which the operator asks
-- the subscriber on the handset: they only say when to ask again, so within a
-- batch an outcome goes before them.
--
-- With the first payment of a line that succeeds the merchant knows it as a
-- subscriber.  Later ones find that, and write nothing there, unless their
-- consent allows later charges (see allowance).
--
-- An outcome is that of an attempt, p_attempt: of the one that the payment is
-- at, or of one that was declined before, which changes nothing.
--
-- A reservation ends nothing, and its release posts nothing: what became of
-- these is written by payment_hold_finish.  A decline on a shopper's page ends
-- nothing either: payment_decline writes it.
--
-- Written for the batch in which every payment has an outcome and none had
-- one before: then two statements do it.
--
-- How plans stay good (see payment_create): rows are found by index with the
-- ids as an array, never by a join, and all joins are hash joins, between the
-- few rows of the batch.  A nested loop could be planned the wrong way round,
-- through the whole table, while that is small.  The accounts of a contract
-- are read once a batch, and so are a merchant's endpoints.
--
-- What failed, or was released, is taken back from what its line has spent, so
-- such a payment is 'busy', too, when another session has locked its line.
--
-- What is posted are the amounts that were rated when the payment began,
-- whatever has become of its contract since.

begin;
set local role carrierpay_owner;

create function carrierpay.payment_finish(p_payment_id bigint[],
    p_outcome text[], p_code text[], p_operator_reference text[],
    p_sms_id bigint[], p_mail_id bigint[], p_attempt bigint[])
returns table (ord int, result text, state text, outcome_unknown bool,
    failure_code text, approval bool)
language plpgsql security definer
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
set enable_nestloop = off
set enable_mergejoin = off
as $$
#variable_conflict use_column
declare
    v_now      bigint := post_ms();
    v_low      bigint;
    v_high     bigint;
    v_old      bigint := id_first(v_now - 30000);
    v_locked   bigint[];
    v_busy     bigint[];
    v_applied  int[];
    v_receipts int[];
    v_other    int[];
    v_conflict int[];
    v_waits    bigint[] := '{}';
    v_held     int[];
    v_declined int[];
    v_failed   bigint[];
    v_amount   bigint[];
    v_agreed   bigint[];
begin
    select min(id), max(id) into v_low, v_high from unnest(p_payment_id) as id;

    if p_outcome && '{failed,voided,void_refused}' then
        v_waits := spend_busy(p_payment_id, p_outcome);
    end if;

    with locked as (
        select p.id from payment p
         where p.id = any (p_payment_id) and p.id between v_low and v_high
           and p.id <> all (v_waits)
         order by p.id for no key update skip locked
    ), op as (
        -- the first outcome of an attempt in this batch
        select o.id, min(o.ord) as ord
          from (select p_payment_id[i] as id, p_attempt[i] as attempt,
                       i as ord
                  from generate_subscripts(p_payment_id, 1) as i
                 where p_outcome[i] in ('succeeded', 'failed')) o
         where o.id in (select id from locked)
         group by o.id, o.attempt
    ), done as (
        update payment p
           set state = case p_outcome[o.ord] when 'succeeded' then 's'
                                             else 'f' end::"char",
               outcome_unknown = false, approval = false,
               failure_code = case p_outcome[o.ord] when 'failed' then
                                  p_code[o.ord] end,
               operator_reference = p_operator_reference[o.ord],
               events = p.events + 1, ended = v_now
          from op o
         where p.id = any (p_payment_id) and p.id between v_low and v_high
           and p.id = o.id and p.state = 'r' and p.hold is null
           and p.attempt = p_attempt[o.ord]
           and (p_outcome[o.ord] = 'succeeded' or p.attempt = p.id
                or p.manual)
        returning o.ord, p.id, p.events,
                  coalesce(p.captured, p.amount) as amount, p.share, p.tax,
                  p.fee, p.currency, p.merchant_id, p.live, p.contract_id,
                  p.category, p.subscriber_id, p.pseudonym_id, p.consent_id,
                  p.attempt, p.later_max
    ), settled as (
        -- one that was charged as it was made has a row only when it is old
        delete from payment_due d
         where d.payment_id = any (array(select id from done
                                          where attempt <> id
                                             or id < v_old))
    ), shopper as materialized (
        select pseudonym_id as id, max(consent_id) as consent_id
          from done
         where attempt <> id and p_outcome[ord] = 'succeeded'
         group by pseudonym_id
    ), known as (
        update pseudonym n
           set known_since = v_now, consent_id = k.consent_id
          from shopper k
         where n.id = any (array(select id from shopper)) and n.id = k.id
           and n.known_since is null
        returning n.id
    ), elsewhere as (
        -- so that it is told in the cell of the line (see line)
        insert into line_due (payment_id, attempt, kind, msisdn_index,
                              merchant_id, live, pseudonym_id, consent_id,
                              amount, currency, due_at)
        select d.id, d.attempt, 'k', s.msisdn_index, d.merchant_id, d.live,
               d.pseudonym_id, d.consent_id, d.later_max, d.currency, v_now
          from done d
          left join known k on k.id = d.pseudonym_id
         cross join lateral (
               select s.msisdn_index from subscriber s
                where s.id = d.subscriber_id offset 0) s
         where (select c.cells > 1 from cell c where c.one)
           and p_outcome[d.ord] = 'succeeded' and d.attempt <> d.id
           and coalesce(k.id, d.later_max) is not null
           and line_elsewhere(s.msisdn_index)
    ), terms as materialized (
        select k.id, k.accounts from contract k
         where k.id = any (array(select contract_id from done))
    ), posted as (
        insert into journal (payment_id, operation, contract_id, category,
                             currency, at, accounts, amounts)
        select l.id, 1, l.contract_id, l.category, l.currency, v_now,
               case when 0 = any (l.legs) then
                   journal_accounts(l.accounts, l.legs)
               else l.accounts end, array_remove(l.legs, 0)
          from (select d.id, d.contract_id, d.category, d.currency, k.accounts,
                       array[d.amount, -d.share, -d.tax, -d.fee,
                             d.share + d.tax + d.fee - d.amount] as legs
                  from done d
                  left join terms k on k.id = d.contract_id
                 where p_outcome[d.ord] = 'succeeded'
                offset 0) l
    ), endpoints as materialized (
        select e.id, e.merchant_id, e.live from endpoint e
         where e.merchant_id = any (array(select merchant_id from done))
           and e.enabled
    ), owed as (
        insert into outbox (due_at, payment_id, seq, endpoint_id)
        select v_now, d.id, d.events, e.id
          from done d
          join endpoints e
            on e.merchant_id = d.merchant_id and e.live = d.live
    )
    select array(select ord from done),
           array(select ord from done
                  where p_outcome[ord] = 'succeeded'
                    and coalesce(p_sms_id[ord], p_mail_id[ord]) is not null),
           array(select id from locked),
           array(select id from done where p_outcome[ord] = 'failed'),
           array(select amount from done where p_outcome[ord] = 'failed'),
           array(select id from done
                  where later_max is not null and p_outcome[ord] = 'succeeded')
      into v_applied, v_receipts, v_locked, v_failed, v_amount, v_agreed;

    if cardinality(v_failed) > 0 then
        perform spend_release(v_failed, v_amount);
    end if;

    if cardinality(v_agreed) > 0 then
        perform allowance_give(v_agreed);
    end if;

    if cardinality(v_receipts) > 0 then
        perform message_receipts(p_payment_id, p_sms_id, p_mail_id,
                                 v_receipts, v_now);
    end if;

    if cardinality(v_applied) = cardinality(p_payment_id) then
        return query
        select i, 'applied'::text, p_outcome[i], false,
               case p_outcome[i] when 'failed' then p_code[i] end, false
          from generate_subscripts(p_payment_id, 1) as i;
        return;
    end if;

    v_busy := array(
        select p.id from payment p
         where p.id = any (p_payment_id) and p.id between v_low and v_high
           and p.id <> all (v_locked));

    if 'failed' = any (p_outcome) then
        v_declined := payment_decline(p_payment_id, p_attempt, p_outcome,
            p_code, p_operator_reference, v_locked, v_now);
    end if;

    select h.applied, h.contradict into v_held, v_conflict
      from payment_hold_finish(p_payment_id, p_attempt, p_outcome, p_code,
                               p_operator_reference, v_locked, v_now) h;
    v_applied := v_applied || v_held || v_declined;

    -- so is a reservation that came to nothing
    select array_agg(p.id), array_agg(p.amount) into v_failed, v_amount
      from payment p
     where p.id = any (array(select p_payment_id[i] from unnest(v_held) as i))
       and p.ended is not null;

    if v_failed is not null then
        perform spend_release(v_failed, v_amount);
    end if;

    v_other := array(select i from generate_subscripts(p_payment_id, 1) as i
                      where p_outcome[i] in ('succeeded', 'failed')
                        and i <> all (v_applied)
                        and p_payment_id[i] <> all (v_busy));

    if cardinality(v_other) > 0 then
        v_conflict := v_conflict || payment_conflict(v_other, p_payment_id,
            p_attempt, p_outcome, p_code, p_operator_reference, v_now);
    end if;

    if 'unknown' = any (p_outcome) or 'approval' = any (p_outcome) then
        select v_applied || u.served, v_conflict || u.unsettled
          into v_applied, v_conflict
          from payment_unknown(p_payment_id, p_attempt, p_outcome, v_busy,
                               v_now) u;
    end if;

    return query
    select i, case when i = any (v_conflict) then 'conflict'
                   when x.id is null then 'not_found'
                   when i = any (v_applied) then 'applied'
                   when x.id = any (v_busy) then 'busy'
                   else 'already' end,
           state_name(x.state), x.outcome_unknown,
           case when i = any (v_declined) then p_code[i]
           else x.failure_code end, x.approval
      from generate_subscripts(p_payment_id, 1) as i
      left join (
           select p.id, p.state, p.outcome_unknown, p.failure_code,
                  p.approval
             from payment p
            where p.id = any (p_payment_id)
              and p.id between v_low and v_high
           offset 0) x
        on x.id = p_payment_id[i]
     order by i;
end
$$;

revoke all on function carrierpay.payment_finish from public;
grant execute on function carrierpay.payment_finish to carrierpay;

commit;
