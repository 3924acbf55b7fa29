-- Deploy carrierpay:refund_finish to pg
-- requires: refund_post
-- requires: chargeback_count
-- requires: refund_outcome
-- requires: event_add
-- requires: attempt
-- requires: message_refund
-- requires: spend_limit
-- requires: spend_release
-- requires: basics

-- Writes what became of a refund: its state, the journal, the event, what is
-- owed to the merchant's endpoints, and what the payer is told.  The first
-- outcome wins.  One that contradicts it is an incident: 'conflict'.  Other
-- results: 'applied'; 'already', it repeats what is recorded; 'not_found'.
--
-- An unknown outcome says when to ask again, as for a payment; after eighteen
-- times no worker asks any more, and it is an incident.  A reversal that the
-- operator refuses is still owed to the payer: it waits for people.  One that
-- no worker asks for is theirs already, so they end it.
--
-- What the operator has paid back may be spent again, if it says so (see
-- spend_limit).  A wallet or people pay back what stays on the phone's bill.
--
-- A chargeback that was held counts when there is room for it now.

begin;
set local role carrierpay_owner;

create function carrierpay.refund_finish(p_id bigint, p_outcome text,
    p_code text, p_operator_reference text, p_sms_id bigint,
    p_mail_id bigint)
returns table (result text, state text, outcome_unknown bool,
    failure_code text)
language plpgsql security definer
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
as $$
#variable_conflict use_column
declare
    v_now      bigint := post_ms();
    v          refund;
    p          payment;
    v_result   text := 'applied';
begin
    select r.payment_id into v.payment_id from refund r where r.id = p_id;
    select * into p from payment x where x.id = v.payment_id
       for no key update;
    select * into v from refund r where r.id = p_id for update;

    if v.id is null then
        return query select 'not_found', null::text, null::bool, null::text;
        return;
    end if;

    if v.attempt is not null then
        p := attempt_payment(p, v.attempt);
    end if;

    if v.state in ('s', 'f') then
        v_result := refund_conflict(v, p.operator, p_outcome, p_code,
                                    p_operator_reference, v_now);

    elsif p_outcome in ('unknown', 'approval') then
        v_result := refund_unknown(v, p.operator, v_now);

    elsif p_outcome = 'failed' and v.kind = 'b' and v.state = 'r'
          and exists (select from refund_due d where d.refund_id = p_id) then
        v_result := refund_queue(v, p.operator, p_code, v_now);

    else
        delete from refund_due d where d.refund_id = p_id;

        v.state := case p_outcome when 'succeeded' then 's' else 'f' end;
        v.total := coalesce(p.refunded, 0)
                   + case when v.state = 's' and v.kind = 'r' then v.amount
                     else 0 end;

        update refund r
           set state = v.state, total = v.total, ended = v_now,
               charged_back = coalesce(p.charged_back, 0),
               outcome_unknown = false,
               failure_code = case v.state when 'f' then p_code end,
               operator_reference = p_operator_reference
         where r.payment_id = v.payment_id and r.number = v.number;

        if v.state = 's' then
            perform refund_post(p, v, v_now);

            if v.kind = 'r' then
                update payment x set refunded = v.total where x.id = p.id;

                if v.way = 'o' and spend_restores(p.operator) then
                    perform spend_return(p.id, v.amount);
                end if;
            end if;

            perform message_refund(p, v.id, p_sms_id, p_mail_id, v_now);
        end if;

        perform event_add(p, v.number, case
            when v.state = 'f' then 'e' when v.kind = 'b' then 'b'
            else 'd' end::"char", v_now);
        perform chargeback_resume(p.id);
    end if;

    return query
    select v_result, refund_state_name(r.state), r.outcome_unknown,
           r.failure_code
      from refund r where r.id = p_id;
end
$$;

revoke all on function carrierpay.refund_finish from public;
grant execute on function carrierpay.refund_finish to carrierpay;

commit;
