-- Deploy carrierpay:payout_add to pg
-- requires: payout
-- requires: settlement
-- requires: balance
-- requires: contract
-- requires: subscriber
-- requires: basics

-- Queues a payout, if the merchant's payable account has the money for it, and
-- takes that from the account; and takes it back from the queue.  For
-- operations people, and not for the service.

begin;
set local role carrierpay_owner;
set local search_path = carrierpay, pg_temp;

-- What we owe by an account now, of all that has been committed: what was
-- counted up to the mark, and what was posted since.
create function carrierpay.account_owed(p_account_id int, p_currency text)
returns bigint
language plpgsql
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
as $$
begin
    return (
        select coalesce(-sum(e.amount), 0)::bigint
          from balance_mark m
         cross join lateral (
               select b.debit - b.credit as amount from balance_day b
                where b.account_id = p_account_id
                  and b.currency = p_currency
               union all
               select posting_leg(j.accounts, j.amounts, p_account_id)
                 from journal j
                where j.at >= m.until and j.currency = p_currency
               union all
               select posting_leg(o.accounts, o.amounts, p_account_id)
                 from posting o
                where o.at >= m.until and o.currency = p_currency) e);
end
$$;

-- What a settlement remits of a period is what was posted in it, and no payout
-- of a later time is taken off: so once a period is over, nothing is paid out
-- until it is settled.  One that ends while a payout is being added counts.
create function carrierpay.payout_unsettled(p_merchant_id int, p_live bool,
    p_currency text)
returns bool
language sql stable
set search_path = carrierpay, pg_temp
as $$
    select exists (
           select from settlement_party s
            cross join lateral settlement_next(s.id) n
            where s.merchant_id = p_merchant_id and s.live = p_live
              and s.currency = p_currency
              and n.until_at <= now_ms() + 10000)
$$;

-- Payouts of a merchant take turns by the merchant's row, so two at once do
-- not spend the same money; p_id is a fresh identifier.
--
-- Results: 'queued'; 'replay', the merchant's reference has made this payout,
-- which is returned as it is now; the others write nothing: 'mismatch', it has
-- made another one, which is returned; 'no_operator'; 'currency_mismatch';
-- 'no_contract'; 'other_operator', the number is known as that of another
-- operator; 'unsettled', a period is over, and what is due of it to the bank
-- is not known yet; 'amount_too_large'.  `free` is what the account has for
-- it, before or after.
create function carrierpay.payout_add(p_id bigint, p_merchant_id int,
    p_operator text, p_amount bigint, p_currency text, p_reference text,
    p_msisdn_index bytea, p_msisdn bytea)
returns table (result text, free bigint, id bigint, merchant_id int,
    live bool, operator text, amount bigint, currency text, reference text,
    state text, outcome_unknown bool, failure_code text, ended bigint,
    msisdn bytea)
language plpgsql
set search_path = carrierpay, pg_temp
as $$
#variable_conflict use_column
declare
    v_operator operator;
    v_before   payout;
    v_account  record;
    v_free     bigint;
    v_result   text;
    v_id       bigint := p_id;
begin
    perform from merchant m where m.id = p_merchant_id for no key update;

    select * into v_operator from operator o where o.code = p_operator;
    select * into v_before from payout p
     where p.merchant_id = p_merchant_id and p.live = v_operator.live
       and p.reference = p_reference;

    if v_before.id is not null then
        v_id := v_before.id;
        v_result := case when (v_before.operator, v_before.amount,
                               v_before.currency, v_before.msisdn_index)
                            = (p_operator, p_amount, p_currency,
                               p_msisdn_index) then 'replay'
                    else 'mismatch' end;
    else
        v_result := case
            when v_operator.code is null then 'no_operator'
            when v_operator.currency <> p_currency then 'currency_mismatch'
            when not exists (
                 select from contract k
                  where k.merchant_id = p_merchant_id
                    and k.operator = p_operator
                    and k.valid_from <= now_ms()
                    and (k.valid_to is null or k.valid_to > now_ms()))
            then 'no_contract'
            when exists (
                 select from subscriber s
                  where s.msisdn_index = p_msisdn_index
                    and s.live = v_operator.live
                    and s.operator <> p_operator)
            then 'other_operator'
            when payout_unsettled(p_merchant_id, v_operator.live, p_currency)
            then 'unsettled' end;
    end if;

    if v_result is null then
        select * into v_account
          from payout_accounts(p_merchant_id, v_operator.live, p_operator);
        v_free := account_owed(v_account.payable, p_currency);

        if v_free < p_amount then
            v_result := 'amount_too_large';
        else
            v_result := 'queued';
            v_free := v_free - p_amount;

            insert into payout (id, merchant_id, live, operator, currency,
                                amount, reference, msisdn_index, msisdn,
                                held_by)
            values (p_id, p_merchant_id, v_operator.live, p_operator,
                    p_currency, p_amount, p_reference, p_msisdn_index,
                    p_msisdn, posting_add('q', p_merchant_id, v_operator.live,
                        p_currency, array[v_account.payable, v_account.held],
                        array[p_amount, -p_amount], null, null, p_reference));

            insert into payout_due (payout_id, due_at)
            values (p_id, now_ms());
        end if;
    end if;

    return query
    select v_result, v_free, p.* from (select 1) one
      left join payout_view p on p.id = v_id;
end
$$;

-- Takes a payout back from the queue: 'canceled'; 'already', it was; or
-- 'too_late', a worker has begun to send it, or it has ended; 'not_found'.
create function carrierpay.payout_cancel(p_id bigint) returns text
language plpgsql
set search_path = carrierpay, pg_temp
as $$
declare
    v payout;
begin
    select * into v from payout p where p.id = p_id for no key update;

    if not found then
        return 'not_found';
    end if;

    if v.state <> 'q' then
        return case v.state when 'c' then 'already' else 'too_late' end;
    end if;

    perform payout_end(v, 'c', null, null);

    return 'canceled';
end
$$;

revoke all on function account_owed, payout_unsettled, payout_add,
    payout_cancel from public;

commit;
