-- Deploy carrierpay:chargeback_add to pg
-- requires: chargeback_count

-- What an operator reports: a chargeback, without an amount of all that is
-- left, and later, perhaps, that it gives the money back.  Both are for the
-- roles that may write the tables, such as the administrator's, and not for
-- the service.

begin;
set local role carrierpay_owner;
set local search_path = carrierpay, pg_temp;

-- A chargeback that leaves no room for the refunds in flight is held, and an
-- incident: the operator may come to give the money back twice.
create function carrierpay.chargeback_hold(p carrierpay.payment,
    p_number smallint)
returns void
language plpgsql
set search_path = carrierpay, pg_temp
as $$
begin
    insert into incident (at, kind, payment_id, operator, recorded, said,
                          reference)
    select now_ms(), 'chargeback_held', p.id, p.operator,
           (select string_agg('refund ' || r.number || ' '
                              || refund_state_name(r.state), ', '
                              order by r.number)
              from refund r
             where r.payment_id = p.id and r.kind = 'r' and r.total is null),
           'chargeback ' || b.number || ' of ' || b.amount, b.reference
      from chargeback b where b.payment_id = p.id and b.number = p_number;
end
$$;

-- Results: 'charged_back'; 'held'; 'already', the operator's reference has
-- been reported with the same, and nothing is written.  The others write
-- nothing either: 'not_found', no such payment; 'other_operator' and
-- 'other_currency', the payment has another one than what is named;
-- 'not_succeeded'; 'amount_too_large', `rest` says what is left, or
-- 'nothing_left'; 'mismatch', the reference was reported with another payment,
-- amount or reason.
create function carrierpay.chargeback_add(p_payment_id bigint,
    p_amount bigint, p_reason "char", p_reference text default null,
    p_operator text default null, p_currency text default null,
    p_day date default null)
returns table (result text, number int, amount bigint, rest bigint)
language plpgsql
set search_path = carrierpay, pg_temp
set enable_seqscan = off
as $$
#variable_conflict use_column
declare
    p        payment;
    k        contract;
    b        chargeback;
    v_amount bigint;
    v_rest   bigint;
    v_bearer "char";
begin
    select * into p from payment x where x.id = p_payment_id
       for no key update;
    select * into k from contract x where x.id = p.contract_id;
    select * into b from chargeback x
     where x.operator = coalesce(p_operator, p.operator)
       and x.reference = p_reference and x.reverses is null;

    v_rest := coalesce(p.captured, p.amount) - coalesce(p.refunded, 0)
              - chargeback_sum(p.id, true);
    v_amount := coalesce(p_amount, b.amount, payment_left(p, true));

    result := case
        when p.id is null then 'not_found'
        when (b.payment_id, b.amount, b.reason) = (p.id, v_amount, p_reason)
            then 'already'
        when b.payment_id is not null then 'mismatch'
        when p.operator <> p_operator then 'other_operator'
        when p.currency <> p_currency then 'other_currency'
        when p.state <> 's' then 'not_succeeded'
        when p_amount > v_rest then 'amount_too_large'
        when v_amount <= 0 then 'nothing_left'
        when v_amount > payment_left(p, false) then 'held'
        else 'charged_back' end;

    if result in ('charged_back', 'held') then
        v_bearer := case p_reason when 'n' then k.non_payment_bearer
                    else k.chargeback_bearer end;
        b.number := operation_next(p.id);

        insert into chargeback (payment_id, reported, amount, fee, number,
                                reason, bearer, operator, reference, day)
        values (p.id, now_ms(), v_amount,
                case v_bearer when 'm' then k.chargeback_fee else 0 end,
                b.number, p_reason, v_bearer, p.operator, p_reference, p_day);

        if result = 'held' then
            perform chargeback_hold(p, b.number);
        else
            perform chargeback_count(p.id, b.number);
        end if;
    end if;

    return query select result, b.number::int, v_amount, v_rest;
end
$$;

-- The operator gives back what it has taken, whole.  Results: 'reversed';
-- 'already', it was; 'not_found', no such chargeback.
create function carrierpay.chargeback_reverse(p_payment_id bigint,
    p_number int, p_reference text default null)
returns table (result text)
language plpgsql
set search_path = carrierpay, pg_temp
as $$
#variable_conflict use_column
declare
    b        chargeback;
    v_number smallint;
begin
    perform from payment x where x.id = p_payment_id for no key update;
    select * into b from chargeback x
     where x.payment_id = p_payment_id and x.number = p_number
       and x.reverses is null;

    if b.number is null then
        return query select 'not_found';
        return;
    end if;

    v_number := operation_next(p_payment_id);

    insert into chargeback (payment_id, reported, amount, fee, number,
        reverses, reason, bearer, operator, reference)
    values (b.payment_id, now_ms(), b.amount, b.fee, v_number, b.number,
            b.reason, b.bearer, b.operator, p_reference)
    on conflict on constraint chargeback_reversed do nothing;

    if not found then
        return query select 'already';
        return;
    end if;

    if b.counted is not null then
        perform chargeback_count(p_payment_id, v_number);
    end if;

    perform chargeback_resume(p_payment_id);

    return query select 'reversed';
end
$$;

revoke all on function chargeback_hold, chargeback_add, chargeback_reverse
    from public;

commit;
