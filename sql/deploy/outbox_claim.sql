-- Deploy carrierpay:outbox_claim to pg
-- requires: outbox_take
-- requires: event_view
-- requires: payout

-- Leases deliveries that are due, as outbox_take does, and tells all that it
-- takes to deliver them: of a payment the event, with the payment as it was
-- then; of a payout, whose end is its only event, the payout.  These are two
-- statements: what is leased may have been committed after the first one
-- began, and only a later one sees it all.
--
-- Planner settings: see payment_create.

begin;
set local role carrierpay_owner;

create function carrierpay.outbox_claim(p_max int, p_lease_ms int,
    p_token bigint)
returns table (payment_id bigint, seq int, endpoint_id int, url text,
    secret bytea, type text, at bigint, attempts int, traceparent text,
    id bigint, merchant_id int, merchant_name text, live bool, amount bigint,
    currency text, description text, reference text, return_url text,
    metadata text, state text, outcome_unknown bool, failure_code text,
    operator text, operator_name text, pseudonym_id bigint, msisdn bytea,
    attempt bigint, created bigint, expires bigint, locale text,
    email bytea, approval bool, pin bool, category text,
    later_max bigint, share bigint, tax bigint, fee bigint, manual bool,
    captured bigint, refunded bigint, charged_back bigint, operation text,
    declined text,
    refund_id bigint, refund_amount bigint, refund_kind text,
    refund_state text, refund_failure_code text, refund_reason text,
    chargeback int, chargeback_amount bigint, chargeback_fee bigint,
    chargeback_state text, chargeback_reason text, chargeback_bearer text,
    payout_id bigint, payout_merchant_id int, payout_live bool,
    payout_operator text, payout_amount bigint, payout_currency text,
    payout_reference text, payout_state text, payout_outcome_unknown bool,
    payout_failure_code text, payout_ended bigint, payout_msisdn bytea)
language plpgsql security definer
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
set enable_memoize = off
as $$
#variable_conflict use_column
declare
    v_leased outbox[] := array(
        select l from outbox_take(p_max, p_lease_ms, p_token) l);
    v_low    bigint;
    v_high   bigint;
begin
    select min(l.payment_id), max(l.payment_id) into v_low, v_high
      from unnest(v_leased) l;

    return query
    select l.payment_id, l.seq::int, l.endpoint_id, e.url, e.secret,
           coalesce(v.type, 'payout.' || o.state), coalesce(v.at, o.ended),
           l.attempts, v.traceparent, v.id, v.merchant_id,
           v.merchant_name, v.live, v.amount, v.currency, v.description,
           v.reference, v.return_url, v.metadata, v.state, v.outcome_unknown,
           v.failure_code, v.operator, v.operator_name, v.pseudonym_id,
           v.msisdn, v.attempt, v.created, v.expires, v.locale, v.email,
           v.approval, v.pin, v.category, v.later_max, v.share, v.tax, v.fee,
           v.manual, v.captured, v.refunded, v.charged_back, v.operation,
           v.declined, v.refund_id, v.refund_amount, v.refund_kind,
           v.refund_state, v.refund_failure_code, v.refund_reason,
           v.chargeback, v.chargeback_amount, v.chargeback_fee,
           v.chargeback_state, v.chargeback_reason, v.chargeback_bearer,
           o.*
      from unnest(v_leased) l
     cross join lateral (
           select e.url, e.secret from endpoint e
            where e.id = l.endpoint_id offset 0) e
      left join lateral (
           select * from event_view v
            where v.payment_id = l.payment_id and v.seq = l.seq
              and v.payment_id between v_low and v_high offset 0) v on true
      left join lateral (
           select * from payout_view o
            where o.id = l.payment_id and v.payment_id is null
           offset 0) o on true
     where v.payment_id is not null or o.id is not null;
end
$$;

revoke all on function carrierpay.outbox_claim from public;
grant execute on function carrierpay.outbox_claim to carrierpay;

commit;
