-- Deploy carrierpay:payment_begin to pg
-- requires: payment_view
-- requires: attempt
-- requires: payment_shopper
-- requires: contract
-- requires: tariff
-- requires: subscriber
-- requires: total_reserve
-- requires: consent
-- requires: pin
-- requires: basics

-- Commits the intent to charge: pending -> processing, with the contract of
-- the day and the amounts that it and the VAT rate give to each side, the
-- subscriber's pseudonym and the consent.  The caller charges when, and only
-- when, the result is 'processing'; 'busy' means that another session holds
-- the payment: ask again.  An attempt with the right PIN (p_pin_attempt) is
-- taken back from those that count against the number.  A line that is
-- blocked, or over a limit, leaves the payment to wait for another line: the
-- result is why, as spend_reserve names it.
--
-- Written for the batch in which every payment begins: what is needed is read
-- once and without locks, the payments are locked, their amounts are counted
-- on the lines, and one statement writes.  Payments that did not begin are
-- looked at once more.
--
-- Locks: the payments, in the order of their ids, and then the lines, in that
-- of their keys.  Neither is waited for (see spend_reserve); a line that has
-- not paid yet gets its row, and no other session can be making that.
--
-- A payment whose line lies in another cell was counted there, in a day
-- p_hold_day, and with its merchant if p_hold_apart; it begins before
-- p_hold_until, or not (see line).
--
-- Planner settings: see payment_create.

begin;
set local role carrierpay_owner;

create function carrierpay.payment_begin(p_payment_id bigint[],
    p_attempt bigint[], p_operator text[], p_subscriber_id bigint[],
    p_msisdn_index bytea[], p_msisdn bytea[], p_pseudonym_id bigint[],
    p_method text[], p_mvno text[], p_shown_at bigint[], p_locale text[],
    p_page bytea[], p_shown text[], p_address text[], p_agent text[],
    p_pin_attempt bigint[], p_hold_until bigint[] default null,
    p_hold_day int[] default null, p_hold_apart bool[] default null)
returns table (ord int, result text, id bigint, merchant_id int,
    merchant_name text, live bool, amount bigint, currency text,
    description text, reference text, return_url text, metadata text,
    state text, outcome_unknown bool, failure_code text, operator text,
    operator_name text, pseudonym_id bigint, msisdn bytea, attempt bigint,
    created bigint, expires bigint, locale text, email bytea,
    approval bool, pin bool, category text, later_max bigint,
    share bigint, tax bigint, fee bigint, manual bool, captured bigint,
    refunded bigint, charged_back bigint, operation text, declined text)
language plpgsql security definer
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
set enable_memoize = off
set enable_nestloop = off
set enable_mergejoin = off
as $$
#variable_conflict use_column
declare
    v_now        bigint := now_ms();
    v_low        bigint;
    v_high       bigint;
    v_result     text[];
    v_live       bool[];
    v_merchant   int[];
    v_amount     bigint[];
    v_currency   text[];
    v_caps       spend_cap[];
    v_reason     text[];
    v_later      date[];
    v_held       date[];
    v_locked     bigint[];
    v_contract   int[];
    v_share      bigint[];
    v_tax        bigint[];
    v_fee        bigint[];
    v_subscriber bigint[];
    v_stale      bigint[];
    v_pseudonym  bigint[];
    v_begun      int;
begin
    -- before the time is taken: payment_begun waits for what begins in time
    if array_remove(p_hold_until, null) <> '{}' then
        perform pg_advisory_xact_lock_shared(1768187246);
        v_now := now_ms();
        v_held := array(select '1970-01-01'::date + day
                          from unnest(p_hold_day)
                               with ordinality as d (day, i) order by i);
    end if;

    select min(id), max(id) into v_low, v_high from unnest(p_payment_id) as id;

    with candidate as materialized (
        select i, p.id, p.state, p.expires, p.amount, p.currency, p.live,
               p.merchant_id, p.category, p.attempts, k.id as contract_id,
               k.operator, k.currency as contract_currency,
               k.operator_share_bp, k.fee_bp, k.fee_fixed,
               s.id as subscriber_id, n.id as pseudonym_id,
               s.operator <> p_operator[i]
               or s.mvno is distinct from p_mvno[i]
               or s.msisdn is null as stale
          from generate_subscripts(p_payment_id, 1) as i
          left join lateral (
               select * from payment p
                where p.id = p_payment_id[i]
                  and p.id between v_low and v_high offset 0) p on true
          left join lateral (
               select * from contract k
                where k.merchant_id = p.merchant_id
                  and k.operator = p_operator[i] and k.live = p.live
                  and k.valid_from <= v_now
                  and coalesce(k.valid_to > v_now, true) offset 0) k on true
          left join lateral (
               select s.id, s.operator, s.mvno, s.msisdn from subscriber s
                where s.msisdn_index = p_msisdn_index[i] and s.live = p.live
               offset 0) s on true
          left join lateral (
               select n.id from pseudonym n
                where n.subscriber_id = s.id and n.merchant_id = p.merchant_id
                  and n.live = p.live offset 0) n on true
    ), rate as materialized (
        select d.operator, d.category, t.*
          from (select distinct operator, category from candidate) d
         cross join lateral tariff(d.operator, d.category, v_now) t
    ), judged as (
        -- two begins of one payment in a batch: the first wins; an attempt
        -- that was declined meanwhile does not begin again
        select case
               when c.id is null then 'not_found'
               when c.state = 'x' then 'expired'
               when c.state <> 'p'
                    or array_position(p_payment_id, c.id) <> i
                    or c.attempts is not null
                       and attempt_number(c.id, p_attempt[i]) is not null
                   then 'already'
               when c.expires <= v_now then 'expired'
               when c.contract_id is null then 'no_contract'
               when c.contract_currency <> c.currency then 'currency_mismatch'
               when t.vat_bp is null then 'category_not_allowed'
               when not price_allowed(c.amount, t.amounts, t.lowest,
                                      t.highest, t.step)
                    or split_payable(c.amount, t.vat_bp, c.operator_share_bp,
                                     c.fee_bp, c.fee_fixed) < 0 then
                   'amount_not_allowed'
               when p_hold_until[i] <= v_now then 'busy'
               else 'begin' end as result,
               c.*, split_share(c.amount, t.vat_bp, c.operator_share_bp)
                   as share,
               split_vat(c.amount, t.vat_bp) as tax,
               split_fee(c.amount, c.fee_bp, c.fee_fixed) as fee
          from candidate c
          left join rate t
            on t.operator = c.operator and t.category = c.category
         order by i
    )
    select array_agg(result), array_agg(live), array_agg(merchant_id),
           array_agg(amount), array_agg(currency), array_agg(contract_id),
           array_agg(share), array_agg(tax), array_agg(fee),
           array_agg(subscriber_id),
           array_agg(subscriber_id) filter (where stale),
           array_agg(pseudonym_id)
      into v_result, v_live, v_merchant, v_amount, v_currency, v_contract,
           v_share, v_tax, v_fee, v_subscriber, v_stale, v_pseudonym
      from judged;

    if 'begin' = any (v_result) then
        v_locked := array(
            select p.id from payment p
             where p.id = any (p_payment_id)
               and p.id between v_low and v_high and p.state = 'p'
             order by p.id for no key update skip locked);
        v_caps := spend_caps(p_operator, v_now);

        select r.reason, r.later into v_reason, v_later
          from total_reserve(
               array(select i from generate_subscripts(p_payment_id, 1) as i
                      where v_result[i] = 'begin'
                        and p_payment_id[i] = any (v_locked)),
               p_msisdn_index, v_live, p_operator, v_merchant, v_currency,
               v_amount, null, v_held, v_caps, false) r;

        for i in 1 .. coalesce(array_upper(v_reason, 1), 0) loop
            v_result[i] := coalesce(v_reason[i], v_result[i]);
        end loop;
    end if;

    if 'begin' = any (v_result) then
        if array_position(v_pseudonym, null) is not null
           or v_stale is not null
        then
            select * into v_subscriber, v_pseudonym
              from payment_shopper(v_result, v_live, v_merchant, p_operator,
                   p_subscriber_id, p_msisdn_index, p_msisdn, p_mvno,
                   p_pseudonym_id);
        end if;

        with op as materialized (
            select i, p_payment_id[i] as id,
                   case when v_held[i] is null then c.apart
                        else p_hold_apart[i] end as apart,
                   coalesce(v_held[i], v_later[i], c.day) as day
              from generate_subscripts(p_payment_id, 1) as i
              join unnest(v_caps) as c on c.operator = p_operator[i]
             where v_result[i] = 'begin' and p_payment_id[i] = any (v_locked)
        ), begun as (
            update payment p
               set state = 'r', attempt = p_attempt[o.i],
                   hold = case when p.manual then 'r'::"char" end,
                   consent_id = p_attempt[o.i],
                   subscriber_id = v_subscriber[o.i],
                   pseudonym_id = v_pseudonym[o.i], share = v_share[o.i],
                   tax = v_tax[o.i], fee = v_fee[o.i],
                   contract_id = v_contract[o.i], spend_day = o.day,
                   spend_apart = o.apart,
                   operator = p_operator[o.i],
                   language = p_locale[o.i]
              from op o
             where p.id = any (p_payment_id)
               and p.id between v_low and v_high and p.id = o.id
               and p.state = 'p'
            returning o.i, p.id, p.merchant_id, p.later_max, p.currency
        ), due as (
            -- the intent is leased to the worker that made it
            insert into payment_due (payment_id, due_at, token)
            select id, v_now + 60000, p_attempt[i] from begun order by id
            on conflict (payment_id) do update
               set due_at = excluded.due_at, token = excluded.token,
                   attempts = 0
        ), agreed as (
            insert into consent (id, payment_id, at, shown_at, merchant_id,
                                 method, locale, shown, address, agent, page,
                                 later_max, currency)
            select p_attempt[i], id, v_now, p_shown_at[i], merchant_id,
                   p_method[i], p_locale[i], p_shown[i], p_address[i],
                   p_agent[i], p_page[i], later_max,
                   case when later_max is not null then currency end
              from begun
        )
        select count(*) into v_begun from begun;
    end if;

    if exists (select from unnest(p_pin_attempt) as t where t is not null) then
        delete from pin_failure f where f.id = any (p_pin_attempt);
    end if;

    return query
    select i, case
               when v_result[i] = 'begin' then
                   case when v.attempt = p_attempt[i] then 'processing'
                        when v.state = 'pending' then 'busy'
                        when v.state = 'expired' then 'expired'
                        else 'already' end
               when v_result[i] = 'already' and v.state = 'processing'
                    and v.attempt = p_attempt[i] and d.attempts = 0
                    and not v.outcome_unknown and not v.approval
                    and array_position(p_attempt, p_attempt[i]) = i then
                   'processing'
               else v_result[i] end, v.*
      from generate_subscripts(p_payment_id, 1) as i
      left join lateral (
           select * from payment_view v
            where v.id = p_payment_id[i] and v.id between v_low and v_high
           offset 0) v on true
      left join lateral (
           select d.attempts from payment_due d
            where v_result[i] = 'already' and d.payment_id = v.id
           offset 0) d on true;
end
$$;

revoke all on function carrierpay.payment_begin from public;
grant execute on function carrierpay.payment_begin to carrierpay;

commit;
