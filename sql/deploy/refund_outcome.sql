-- Deploy carrierpay:refund_outcome to pg
-- requires: refund
-- requires: incident
-- requires: basics

-- The parts of refund_finish for outcomes that end nothing.  Each returns the
-- word of its result.

begin;
set local role carrierpay_owner;

-- The refund has ended before.  An outcome that cannot be true beside that is
-- an incident.
create function carrierpay.refund_conflict(r carrierpay.refund,
    p_operator text, p_outcome text, p_code text, p_reference text,
    p_now bigint)
returns text
language plpgsql
set search_path = carrierpay, pg_temp
as $$
begin
    if p_outcome <> (case r.state when 's' then 'failed'
                     else 'succeeded' end) then
        return 'already';
    end if;

    insert into incident (at, kind, payment_id, operator, recorded,
                          recorded_reference, said, code, reference)
    values (p_now, case p_outcome when 'failed' then 'recorded_not_refunded'
                   else 'refunded_not_recorded' end,
            r.payment_id, p_operator,
            'refund ' || r.number || ' ' || refund_state_name(r.state),
            r.operator_reference, 'refund ' || r.number || ' ' || p_outcome,
            p_code, p_reference)
    on conflict (payment_id, said, reference) do nothing;

    return 'conflict';
end
$$;

-- The operator is asked again later, eighteen times in three days.
create function carrierpay.refund_unknown(r carrierpay.refund,
    p_operator text, p_now bigint)
returns text
language plpgsql
set search_path = carrierpay, pg_temp
as $$
declare
    c_tries constant int := 18;
begin
    update refund x set outcome_unknown = true
     where x.payment_id = r.payment_id and x.number = r.number
       and x.state = 'r';

    delete from refund_due d
     where d.refund_id = r.id and d.attempts >= c_tries;

    if found then
        insert into incident (at, kind, payment_id, operator, recorded, said)
        values (p_now, 'refund_unknown', r.payment_id, p_operator,
                'refund ' || r.number || ' processing',
                'refund ' || r.number || ' unknown')
        on conflict (payment_id, said, reference) do nothing;

        return 'conflict';
    end if;

    update refund_due d
       set due_at = p_now + retry_ms(d.attempts), token = null,
           attempts = greatest(d.attempts, 1)
     where d.refund_id = r.id;

    return 'applied';
end
$$;

-- The operator refuses a reversal: people do it.
create function carrierpay.refund_queue(r carrierpay.refund,
    p_operator text, p_code text, p_now bigint)
returns text
language plpgsql
set search_path = carrierpay, pg_temp
as $$
begin
    delete from refund_due d where d.refund_id = r.id;

    update refund x
       set state = 'q', outcome_unknown = false, failure_code = p_code
     where x.payment_id = r.payment_id and x.number = r.number;

    insert into incident (at, kind, payment_id, operator, recorded, said, code)
    values (p_now, 'reversal_failed', r.payment_id, p_operator,
            'refund ' || r.number || ' pending',
            'refund ' || r.number || ' failed', p_code)
    on conflict (payment_id, said, reference) do nothing;

    return 'conflict';
end
$$;

revoke all on function carrierpay.refund_conflict, carrierpay.refund_unknown,
    carrierpay.refund_queue from public;

commit;
