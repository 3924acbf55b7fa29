-- Deploy carrierpay:payment_create to pg
-- requires: subscriber
-- requires: contract
-- requires: tariff
-- requires: payment_nearest
-- requires: payment_again
-- requires: payment
-- requires: idem
-- requires: spend_limit
-- requires: total_reserve
-- requires: consent
-- requires: basics

-- Stores payments: one that waits for its shopper, or one of a subscriber whom
-- the merchant knows, as an intent that the caller charges now.  One that its
-- line or its consent does not allow is an intent, too, with an id and an
-- outcome: why, as spend_reserve names it, and the caller fails it.
--
-- Other results store nothing: what the payment is refused for; 'mismatch',
-- the key belongs to another request; 'replay', to the payment whose id is
-- returned, and payment_first has the answer; 'in_flight', to one that has no
-- answer yet.  With 'amount_not_allowed' go the nearest amounts below and
-- above that are allowed, by the operators that could be charged; with
-- 'consent_required' the payment by which the merchant knows the subscriber
-- (null: an import), since its consent allows no later charges, or no more.
--
-- Without a category it is digital content that is sold; what a merchant sells
-- the caller knows.
--
-- A subscriber whose line lies in another cell is charged when its amount was
-- counted there, in a day p_hold_day, and with the merchant if p_hold_apart,
-- and before p_hold_until; or fails by the word p_hold_reason (see line).
--
-- Written for the batch in which every operation is new: one statement judges
-- and stores it.  Only when some row was not stored (refused, or its key is
-- there already) another statement finds out why.
--
-- Whether a key is there already the primary key tells, but only within a
-- period of keys: so the one before is looked into first, and all of them when
-- the batch, or the minute, is not within one period.  About the change of the
-- period batches take turns, so that each sees what the one before it has
-- written into the other.
--
-- How plans stay good: the generic ones are made while the tables are empty
-- and live as long as the connection.  So the planner is left no choice: each
-- look into a table is a lateral subquery behind an OFFSET 0, which it cannot
-- turn around, by an index, because sequential scans are off.  Memoize does
-- not pay for keys that do not repeat.  Looking a contract up once for each
-- merchant and operator of the batch, by a join with the distinct ones, was
-- tried: it saves 2 % when all are of one merchant and costs as much when
-- they are of many.  A tariff is looked up so, for it takes three lookups,
-- and the operators are few.
--
-- Tables by time (see partition) are looked into between the least and the
-- greatest id of the batch: partitions outside are left out when the statement
-- starts.
--
-- Arrays are read by subscript: that is constant time here, because plpgsql
-- holds them expanded, and cheaper than unnest for each.

begin;
set local role carrierpay_owner;

create function carrierpay.payment_create(p_id bigint[], p_merchant_id int[],
    p_live bool[], p_idempotency uuid[], p_request uuid[], p_amount bigint[],
    p_currency text[], p_description text[], p_reference text[],
    p_return_url text[], p_metadata text[], p_pseudonym_id bigint[],
    p_expires bigint[], p_locale text[], p_email bytea[],
    p_traceparent text[] default null, p_category text[] default null,
    p_manual bool[] default null, p_later_max bigint[] default null,
    p_hold_until bigint[] default null, p_hold_day int[] default null,
    p_hold_apart bool[] default null, p_hold_reason text[] default null)
returns table (ord int, result text, payment_id bigint, operator text,
    msisdn bytea, mvno text, share bigint, tax bigint, fee bigint,
    below bigint, above bigint, agreed bigint)
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
    c_period constant bigint := 2592000000;     -- of keys, see id_period
    c_edge   constant int := 60000;     -- about the change of the period
    c_late   constant int := 30000;     -- too late for payment_sweep
    v_now      bigint := now_ms();
    v_edge     bigint := (id_first(v_now + c_edge) >> 22) % c_period;
    v_old      bigint := id_first(v_now - c_late);
    v_first    smallint;                -- the periods in which a key counts
    v_last     smallint;
    v_used     uuid[];
    v_result   text[];
    v_stored   bool[];
    v_operator text[];
    v_msisdn   bytea[];
    v_mvno     text[];
    v_share    bigint[];
    v_tax      bigint[];
    v_fee      bigint[];
    v_index    bytea[];
    v_caps     spend_cap[];
    v_reason   text[];
    v_later    date[];
    v_held     date[];
    v_single   bool;                -- there is one cell
begin
    -- before the time is taken: payment_begun waits for what begins in time
    if array_remove(p_hold_until, null) <> '{}' then
        perform pg_advisory_xact_lock_shared(1768187246);
        v_now := now_ms();
        v_held := array(select '1970-01-01'::date + day
                          from unnest(p_hold_day)
                               with ordinality as d (day, i) order by i);
    end if;

    if v_edge < 2 * c_edge then
        perform pg_advisory_xact_lock(1768187245);
    end if;

    select id_period(min(id)) - 1,
           id_period(greatest(max(id), id_first(v_now + c_edge)))
      into v_first, v_last
      from unnest(p_id) as id;

    v_used := array(
        select x.key from idem x
         where x.key = any (p_idempotency)
           and x.period between v_first and case
               when v_last = v_first + 1 then v_first else v_last end);

    if array_remove(p_pseudonym_id, null) <> '{}' then
        v_single := (select c.cells = 1 from cell c where c.one);
        v_caps := spend_caps(array(
            select k.operator from contract k
             where k.merchant_id = any (p_merchant_id)), v_now);
    end if;

    with candidate as materialized (
        -- by which contract each would be charged; while no operator is
        -- known, one row for each contract of the merchant
        select i, a.amount, c.category, s.id as subscriber_id, s.operator,
               s.msisdn, s.mvno, s.msisdn_index, n.consent_id,
               n.later_max, n.currency as later_currency,
               k.id as contract_id, k.operator as at, k.currency,
               k.operator_share_bp, k.fee_bp, k.fee_fixed
          from generate_subscripts(p_id, 1) as i
         cross join lateral (
               select case when p_amount[i] between 1 and split_limit()
                           then p_amount[i] end as amount) a
         cross join lateral (
               select coalesce(category_parse(p_category[i]), 'd')
                          as category) c
          left join lateral (
               select n.subscriber_id, n.consent_id, n.later_max, n.currency
                 from pseudonym n
                where n.id = p_pseudonym_id[i] and n.live = p_live[i]
                  and n.merchant_id = p_merchant_id[i]
                  and n.known_since is not null offset 0) n on true
          left join lateral (
               select s.id, s.operator, s.msisdn, s.mvno, s.msisdn_index
                 from subscriber s
                where s.id = n.subscriber_id
                  and (v_single or p_hold_until[i] is not null
                       or p_hold_reason[i] is not null
                       or not line_elsewhere(s.msisdn_index)) offset 0) s
               on true
          left join lateral (
               select k.* from contract k
                where k.merchant_id = p_merchant_id[i]
                  and k.operator = s.operator and k.live = p_live[i]
                  and k.valid_from <= v_now
                  and coalesce(k.valid_to > v_now, true)
               union all
               select k.* from contract k
                where p_pseudonym_id[i] is null
                  and k.merchant_id = p_merchant_id[i] and k.live = p_live[i]
                  and k.valid_from <= v_now
                  and coalesce(k.valid_to > v_now, true)
               offset 0) k on true
    ), rate as materialized (
        select d.at, d.category, t.*, m.most, m.own
          from (select distinct at, category from candidate) d
         cross join lateral tariff(d.at, d.category, v_now) t
         cross join lateral spend_most(d.at) m
    ), verdict as materialized (
        select c.*, t.vat_bp,
               case
               when c.amount is null then 'amount_not_allowed'
               when p_idempotency[i] = any (v_used) then 'processing'
               when c.msisdn is null and p_pseudonym_id[i] is not null then
                   'subscriber_unknown'
               when c.later_max is null and p_pseudonym_id[i] is not null then
                   'consent_required'
               when c.contract_id is null then 'no_contract'
               when c.currency <> p_currency[i] then 'currency_mismatch'
               when c.later_currency <> p_currency[i] then 'consent_required'
               when t.vat_bp is null then 'category_not_allowed'
               when c.amount > t.most
                    or t.own and c.amount > (
                           select m.most from spend_most_own(
                                  p_merchant_id[c.i], c.at) m)
                    or not price_allowed(c.amount, t.amounts, t.lowest,
                                         t.highest, t.step)
                    or split_payable(c.amount, t.vat_bp, c.operator_share_bp,
                                     c.fee_bp, c.fee_fixed) < 0 then
                   'amount_not_allowed'
               when p_pseudonym_id[i] is null then 'pending'
               when p_hold_until[i] <= v_now then 'busy'
               else 'processing' end as result
          from candidate c
          left join rate t on t.at = c.at and t.category = c.category
    ), judged as materialized (
        -- some contract must do: the best of the verdicts
        select distinct on (i)
               i, subscriber_id, operator, msisdn, mvno, msisdn_index,
               consent_id, category, result,
               case when operator = at then contract_id end as contract_id,
               case when operator = at then
                   split_share(amount, vat_bp, operator_share_bp)
                   end as share,
               case when operator = at then split_vat(amount, vat_bp)
                   end as tax,
               case when operator = at then
                   split_fee(amount, fee_bp, fee_fixed) end as fee
          from verdict
         order by i, array_position('{pending,amount_not_allowed,'
                  'category_not_allowed,currency_mismatch}', result)
    ), keyed as (
        -- in the order of the keys, so that concurrent batches with the same
        -- keys wait for each other in one direction
        insert into idem (period, key, request, payment_id)
        select id_period(p_id[i]), p_idempotency[i], p_request[i], p_id[i]
          from judged
         where result in ('pending', 'processing')
           and p_idempotency[i] <> all (v_used)
         order by p_idempotency[i], i
        on conflict (key, period) do nothing
        returning payment_id as id
    ), op as materialized (
        select j.*, k.id,
               coalesce(v_held[j.i], c.day) as day,
               case when v_held[j.i] is null then coalesce(c.apart, false)
                    else p_hold_apart[j.i] end as apart
          from judged j
          left join keyed k
            on k.id = p_id[j.i] and array_position(p_id, k.id) = j.i
          left join unnest(v_caps) as c on c.operator = j.operator
         order by j.i
    ), stored as (
        insert into payment (id, amount, expires, attempt, consent_id,
            subscriber_id, pseudonym_id, share, tax, fee, contract_id,
            spend_day, spend_apart, later_max, merchant_id, events, live,
            state, hold, manual, category, operator, currency, description,
            reference, return_url, metadata, locale, email, traceparent)
        select o.id, p_amount[i], p_expires[i],
               case o.result when 'processing' then o.id end,
               o.consent_id, o.subscriber_id, p_pseudonym_id[i], o.share,
               o.tax, o.fee, o.contract_id, o.day, o.apart, p_later_max[i],
               p_merchant_id[i],
               case o.result when 'pending' then 1 else 0 end, p_live[i],
               case o.result when 'pending' then 'p' else 'r' end::"char",
               case when p_manual[i] and o.result = 'processing' then
                   'r'::"char" end,
               coalesce(p_manual[i], false),
               o.category, o.operator, p_currency[i], p_description[i],
               p_reference[i], p_return_url[i], p_metadata[i], p_locale[i],
               p_email[i], p_traceparent[i]
          from op o
         where o.id is not null
    ), late as (
        insert into payment_due (payment_id, due_at)
        select o.id, case o.result when 'pending' then p_expires[i]
                                   else v_now + 60000 end
          from op o
         where o.id < v_old
    )
    select array_agg(o.result), array_agg(o.id is not null),
           array_agg(o.operator), array_agg(o.msisdn), array_agg(o.mvno),
           array_agg(o.msisdn_index), array_agg(o.share), array_agg(o.tax),
           array_agg(o.fee)
      into v_result, v_stored, v_operator, v_msisdn, v_mvno, v_index, v_share,
           v_tax, v_fee
      from op o;

    if v_caps is not null then
        select r.reason, r.later into v_reason, v_later
          from total_reserve(
               array(select i from generate_subscripts(p_id, 1) as i
                      where v_stored[i] and v_result[i] = 'processing'
                        and p_hold_reason[i] is null),
               v_index, p_live, v_operator, p_merchant_id, p_currency,
               p_amount, p_pseudonym_id, v_held, v_caps, true) r;

        if array_remove(p_hold_reason, null) <> '{}' then
            for i in 1 .. array_upper(p_hold_reason, 1) loop
                if p_hold_reason[i] is not null and v_stored[i] then
                    v_reason[i] := p_hold_reason[i];
                end if;
            end loop;
        end if;

        if v_reason is not null or v_later is not null then
            update payment p
               set failure_code = v_reason[i], spend_day = v_later[i],
                   consent_id = case when v_reason[i] is null then
                                    p.consent_id end
              from generate_subscripts(p_id, 1) as i
             where p.id = any (p_id) and p.id = p_id[i] and v_stored[i]
               and coalesce(v_reason[i], v_later[i]::text) is not null;
        end if;

        for i in 1 .. coalesce(array_upper(v_reason, 1), 0) loop
            v_result[i] := coalesce(v_reason[i], v_result[i]);
        end loop;
    end if;

    if array_position(v_stored, false) is null then
        return query
        select i, v_result[i], p_id[i], v_operator[i], v_msisdn[i], v_mvno[i],
               v_share[i], v_tax[i], v_fee[i], null::bigint, null::bigint,
               null::bigint
          from generate_subscripts(p_id, 1) as i;
        return;
    end if;

    -- what was not stored is refused, or asks again for what is there
    return query
    select i, case when a.result is not null then a.result
                   when v_stored[i] or v_result[i] not in ('pending',
                                                           'processing') then
                       v_result[i]
                   else 'in_flight' end,
           coalesce(a.payment_id, p_id[i]),
           case when v_stored[i] then v_operator[i] else a.operator end,
           case when v_stored[i] or a.own then v_msisdn[i] end,
           case when v_stored[i] or a.own then v_mvno[i] end,
           case when v_stored[i] then v_share[i] else a.share end,
           case when v_stored[i] then v_tax[i] else a.tax end,
           case when v_stored[i] then v_fee[i] else a.fee end,
           near.below, near.above, known.payment_id
      from generate_subscripts(p_id, 1) as i
      left join payment_again(
           array(select i from generate_subscripts(p_id, 1) as i
                  where not v_stored[i]),
           p_id, p_idempotency, p_request, v_msisdn, v_first, v_last) a
        on a.ord = i
      left join lateral (
           select * from payment_nearest(p_merchant_id[i], p_live[i],
                             v_operator[i], p_amount[i], p_currency[i],
                             p_category[i], v_now)
            where a.result is null and v_result[i] = 'amount_not_allowed'
           offset 0) near on true
      left join lateral (
           select c.payment_id from pseudonym n
             join lateral (select c.payment_id from consent c
                            where c.id = n.consent_id offset 0) c on true
            where n.id = p_pseudonym_id[i] and a.result is null
              and v_result[i] = 'consent_required' offset 0) known on true
     order by i;
end
$$;

revoke all on function carrierpay.payment_create from public;
grant execute on function carrierpay.payment_create to carrierpay;

commit;
