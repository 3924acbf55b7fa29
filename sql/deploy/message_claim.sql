-- Deploy carrierpay:message_claim to pg
-- requires: message
-- requires: payment_view
-- requires: subscriber
-- requires: queue
-- requires: refund
-- requires: attempt

-- Leases messages that are due.  There is no leader: each session steps over
-- the rows that another one is claiming.  A worker that dies may have sent its
-- message, so a message whose lease ran out is sent once more and then never
-- again: its state becomes 'unknown', and a delivery report may still tell.  A
-- failed try ends its lease, so it does not count as one that ran out.  A
-- message that a report has come for was sent, and is not sent again.
--
-- What tells of the reversal of a declined attempt tells of the operator, the
-- line and the time of that attempt, whatever has paid since.
--
-- Planner settings: see payment_create.  The rows are updated by their
-- places: see outbox_take.

begin;
set local role carrierpay_owner;

create function carrierpay.message_claim(p_max int, p_lease_ms int,
    p_token bigint)
returns table (id bigint, channel text, kind text, deadline bigint,
    locale text, route text, recipient bytea, body bytea, attempts int,
    merchant text, support text, payment_id bigint, amount bigint,
    currency text, description text, operator_name text, live bool,
    merchant_locale text, mvno text, traceparent text, reference text,
    attempt bigint, msisdn bytea, tax bigint, later_max bigint)
language plpgsql security definer
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
set enable_memoize = off
as $$
#variable_conflict use_column
declare
    v_now  bigint := now_ms();
    v_from bigint := queue_from('message', v_now);
    v_read bigint;
    v_rows tid[];
    v_over bigint[];
begin
    select array_agg(d.row), max(d.due_at)
      into v_rows, v_read
      from (select d.ctid as row, d.due_at from message_due d
             where d.due_at >= v_from and d.due_at <= v_now
             order by d.due_at
             limit p_max
               for update skip locked) d;

    perform queue_read('message', v_from, v_now,
                       case when cardinality(v_rows) = p_max then v_read
                       else v_now end);

    if v_rows is null then
        return;
    end if;

    with over as (
        delete from message_due d
         where d.ctid = any (v_rows)
           and (d.lost and d.token is not null
                or (select m.state from message m
                     where m.id = d.message_id) <> 'q')
        returning d.message_id
    )
    select array(select message_id from over) into v_over;

    if cardinality(v_over) > 0 then
        update message m
           set state = case m.state when 'q' then 'n' else m.state end,
               body = null
         where m.id = any (v_over);
    end if;

    return query
    with leased as (
        update message_due d
           set due_at = v_now + p_lease_ms, token = p_token,
               attempts = d.attempts + 1, lost = d.lost or d.token is not null
         where d.ctid = any (v_rows)
        returning d.message_id, d.attempts
    )
    select m.id, m.channel::text, m.kind, m.deadline,
           m.locale, coalesce(m.operator, p.operator), m.recipient, m.body,
           l.attempts, t.name, t.support, p.id,
           coalesce(r.amount, p.captured, p.amount), p.currency,
           p.description, o.name, p.live, t.locale,
           s.mvno, p.traceparent, p.reference, coalesce(r.attempt, p.attempt),
           s.msisdn, case m.kind when 'receipt' then nullif(p.tax, 0) end,
           p.later_max
      from leased l
     cross join lateral (
           select * from message m where m.id = l.message_id offset 0) m
      left join lateral (
           select t.name, t.support, t.locale from merchant t
            where t.id = m.merchant_id offset 0) t on true
      left join lateral (
           select p.id, p.amount, p.captured, p.currency, p.description,
                  p.operator, p.subscriber_id, p.live, p.traceparent,
                  p.reference, p.attempt, p.tax, p.later_max
             from payment p where p.id = m.payment_id offset 0) p on true
      left join lateral (
           select r.amount, a.id as attempt, a.operator, a.subscriber_id
             from refund r
             left join lateral (
                  select a.id, a.operator, a.subscriber_id from attempt a
                   where a.payment_id = r.payment_id
                     and a.number = r.attempt offset 0) a on true
            where r.id = m.refund_id offset 0) r on true
      left join lateral (
           select o.name from operator o
            where o.code = coalesce(r.operator, p.operator) offset 0) o on true
      left join lateral (
           select s.mvno, s.msisdn from subscriber s
            where s.id = coalesce(r.subscriber_id, p.subscriber_id)
           offset 0) s on true
     order by l.message_id;
end
$$;

revoke all on function carrierpay.message_claim from public;
grant execute on function carrierpay.message_claim to carrierpay;

commit;
