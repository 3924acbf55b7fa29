-- Deploy carrierpay:payment_capture to pg
-- requires: payment_view
-- requires: refund_part
-- requires: payment_cancel
-- requires: spend_release
-- requires: basics

-- The second step of a payment that was reserved: it is captured, wholly or in
-- part, or its reservation is released.  There is one capture; what it leaves
-- of the reservation is released by the operator.  Both write the intent, and
-- the caller calls the operator when, and only when, the result is
-- 'processing'; then the payment is processing as in its first step, and
-- payment_finish writes the outcome.

begin;
set local role carrierpay_owner;

-- A part is rated as that part of the amounts that were rated for the whole:
-- their sums are divided, and not each of them, so that what is rounded up
-- here is rounded down there, and nothing is left below zero for the merchant;
-- and what is left of the reservation counts no more in what the line has
-- spent: it is never captured.
--
-- Other results: 'not_found'; 'not_authorized', and the payment says why, or
-- that the capture was made before; 'amount_too_large'.
create function carrierpay.payment_capture(p_merchant_id int, p_live bool,
    p_payment_id bigint, p_amount bigint, p_token bigint)
returns table (result text, id bigint, merchant_id int, merchant_name text,
    live bool, amount bigint, currency text, description text, reference text,
    return_url text, metadata text, state text, outcome_unknown bool,
    failure_code text, operator text, operator_name text,
    pseudonym_id bigint, msisdn bytea, attempt bigint, created bigint,
    expires bigint, locale text, email bytea, approval bool, pin bool,
    category text, later_max bigint, share bigint, tax bigint, fee bigint,
    manual bool, captured bigint, refunded bigint, charged_back bigint,
    operation text, declined text)
language plpgsql security definer
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
as $$
#variable_conflict use_column
declare
    p        payment;
    v_part   bigint;
    v_result text := 'processing';
begin
    select * into p from payment x
     where x.id = p_payment_id and x.merchant_id = p_merchant_id
       and x.live = p_live
       for no key update;

    v_part := coalesce(p_amount, p.amount);
    v_result := case when p.id is null then 'not_found'
                     when p.state <> 'a' then 'not_authorized'
                     when v_part > p.amount then 'amount_too_large'
                     else 'processing' end;

    if v_result = 'processing' then
        update payment x
           set state = 'r', captured = v_part,
               share = refund_part(p.share, v_part, p.amount),
               tax = refund_part(p.share + p.tax, v_part, p.amount)
                     - refund_part(p.share, v_part, p.amount),
               fee = refund_part(p.share + p.tax + p.fee, v_part, p.amount)
                     - refund_part(p.share + p.tax, v_part, p.amount)
         where x.id = p.id;

        perform payment_lease(p.id, p_token);

        if v_part < p.amount then
            perform spend_return(p.id, p.amount - v_part);
        end if;
    end if;

    return query
    select v_result, v.*
      from (select 1) one
      left join payment_view v on v.id = p.id;
end
$$;

-- What is not wanted any more: a pending payment is canceled at once, and the
-- reservation of an authorized one is voided: 'processing', and it is canceled
-- when that is done.  The results are those of payment_cancel beside that.
-- Without a merchant it is the service itself that releases what was not
-- captured in time: then an authorized payment expires, and no other.
create function carrierpay.payment_release(p_merchant_id int, p_live bool,
    p_payment_id bigint, p_token bigint)
returns table (result text, id bigint, merchant_id int, merchant_name text,
    live bool, amount bigint, currency text, description text, reference text,
    return_url text, metadata text, state text, outcome_unknown bool,
    failure_code text, operator text, operator_name text,
    pseudonym_id bigint, msisdn bytea, attempt bigint, created bigint,
    expires bigint, locale text, email bytea, approval bool, pin bool,
    category text, later_max bigint, share bigint, tax bigint, fee bigint,
    manual bool, captured bigint, refunded bigint, charged_back bigint,
    operation text, declined text)
language plpgsql security definer
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
as $$
#variable_conflict use_column
declare
    v_result text;
begin
    update payment p
       set state = 'r',
           hold = case when p_merchant_id is null then 'x' else 'v' end
     where p.id = p_payment_id and p.state = 'a'
       and (p_merchant_id is null
            or p.merchant_id = p_merchant_id and p.live = p_live);

    if found then
        v_result := 'processing';
        perform payment_lease(p_payment_id, p_token);

    elsif p_merchant_id is null then
        v_result := 'already';

    elsif not exists (select from payment p
                       where p.id = p_payment_id and p.live = p_live
                         and p.merchant_id = p_merchant_id) then
        v_result := 'not_found';

    else
        select c.result into v_result
          from payment_cancel(array[p_payment_id]) c;
    end if;

    return query
    select v_result, v.*
      from (select 1) one
      left join payment_view v
        on v.id = p_payment_id and v_result <> 'not_found';
end
$$;

-- A worker calls the operator for a payment that it has an intent for.
create function carrierpay.payment_lease(p_payment_id bigint, p_token bigint)
returns void
language plpgsql
set search_path = carrierpay, pg_temp
as $$
begin
    insert into payment_due (payment_id, due_at, token)
    values (p_payment_id, now_ms() + 60000, p_token)
    on conflict (payment_id) do update
       set due_at = excluded.due_at, token = excluded.token, attempts = 0;
end
$$;

revoke all on function carrierpay.payment_capture,
    carrierpay.payment_release, carrierpay.payment_lease from public;
grant execute on function carrierpay.payment_capture,
    carrierpay.payment_release to carrierpay;

commit;
