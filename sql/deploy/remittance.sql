-- Deploy carrierpay:remittance to pg
-- requires: settlement
-- requires: posting

-- What became of remittances, and what people adjust.  Each of these functions
-- does a thing once: doing it again gives 'already', and another thing in its
-- place 'refused'; both write nothing.

begin;
set local role carrierpay_owner;
set local search_path = carrierpay, pg_temp;

-- A remittance from its account, or from the bank's.
create function carrierpay.remittance_post(p_kind "char",
    p_settlement_id int, p_from text, p_to text, p_reference text,
    p_reason text)
returns void
language sql
set search_path = carrierpay, pg_temp
as $$
    select posting_add(p_kind, p.merchant_id, p.live, p.currency,
               array[posting_account(case p_from when 'bank:clearing' then 0
                                     else p.merchant_id end, p.live, p_from),
                     posting_account(case p_to when 'bank:clearing' then 0
                                     else p.merchant_id end, p.live, p_to)],
               array[r.amount, -r.amount], s.id, null, p_reference, p_reason)
      from remittance r
      join settlement s on s.id = r.settlement_id
      join settlement_party p on p.id = s.party_id
     where r.settlement_id = p_settlement_id
$$;

-- A day on which the bank has done something with it: not before its period
-- was over, nor before it was paid, nor to come.  A state is final, and so
-- would be a mistyped day.  Some time zones are a day ahead of UTC.
create function carrierpay.remittance_day(r carrierpay.remittance, p_day date)
returns void
language plpgsql
set search_path = carrierpay, pg_temp
as $$
begin
    if p_day < coalesce(r.paid, (select s.next from settlement s
                                  where s.id = r.settlement_id)) then
        raise exception 'the bank had nothing to pay, or to return, on %',
                        p_day
            using errcode = 'check_violation',
                  constraint = 'remittance_early';
    end if;

    if p_day > (now() at time zone 'UTC')::date + 1 then
        raise exception '% is yet to come', p_day
            using errcode = 'check_violation',
                  constraint = 'remittance_late';
    end if;
end
$$;

-- The bank has paid it on that day, under its reference.
create function carrierpay.remittance_paid(p_settlement_id int,
    p_reference text, p_day date)
returns text
language plpgsql
set search_path = carrierpay, pg_temp
as $$
declare
    r remittance;
begin
    select * into r from remittance x
     where x.settlement_id = p_settlement_id for update;

    if not found then
        return 'not_found';
    end if;

    if r.state <> 'd' then
        return case when r.state = 'p'
                         and (r.reference, r.paid) = (p_reference, p_day)
                    then 'already' else 'refused' end;
    end if;

    perform remittance_day(r, p_day);
    perform remittance_post('f', p_settlement_id, 'remittance',
                            'bank:clearing', p_reference, null);
    update remittance x
       set state = 'p', paid = p_day, reference = p_reference
     where x.settlement_id = p_settlement_id;

    return 'applied';
end
$$;

-- It has come back, or could not be paid: it is owed again, in the period in
-- which this is said.
create function carrierpay.remittance_returned(p_settlement_id int,
    p_reason text, p_day date)
returns text
language plpgsql
set search_path = carrierpay, pg_temp
as $$
declare
    r remittance;
begin
    select * into r from remittance x
     where x.settlement_id = p_settlement_id for update;

    if not found then
        return 'not_found';
    end if;

    if r.state = 'r' then
        return case when (r.reason, r.returned) = (p_reason, p_day)
                    then 'already' else 'refused' end;
    end if;

    perform remittance_day(r, p_day);
    perform remittance_post('x', p_settlement_id,
        case r.state when 'p' then 'bank:clearing' else 'remittance' end,
        'payable', r.reference, p_reason);
    update remittance x
       set state = 'r', returned = p_day, reason = p_reason
     where x.settlement_id = p_settlement_id;

    return 'applied';
end
$$;

-- What we owe a merchant changes by an amount, for a reason; the reference is
-- that of the document that says so, and is used once.
create function carrierpay.adjustment_add(p_merchant_id int, p_live bool,
    p_currency text, p_amount bigint, p_reference text, p_reason text)
returns text
language plpgsql
set search_path = carrierpay, pg_temp
as $$
declare
    v_payable int := posting_account(p_merchant_id, p_live, 'payable');
    v         posting;
begin
    select * into v from posting o
     where o.kind = 'a' and o.merchant_id = p_merchant_id and o.live = p_live
       and o.reference = p_reference;

    if found then
        return case when v.currency = p_currency and p_amount
                         = -posting_leg(v.accounts, v.amounts, v_payable)
                    then 'already' else 'refused' end;
    end if;

    perform posting_add('a', p_merchant_id, p_live, p_currency,
        array[posting_account(0, p_live, 'platform:adjustment'), v_payable],
        array[p_amount, -p_amount], null, null, p_reference, p_reason);

    return 'applied';
end
$$;

revoke all on function remittance_post, remittance_day, remittance_paid,
    remittance_returned, adjustment_add from public;

commit;
