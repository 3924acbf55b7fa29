-- Deploy carrierpay:line_reserve to pg
-- requires: line
-- requires: payment_shopper
-- requires: spend_reserve
-- requires: pin
-- requires: basics

-- Counts the amounts of attempts that payments of other cells are about to
-- begin, on lines of this one (see line).  The line is that of p_index; or,
-- when a merchant charges a subscriber whom it knows, that of the pseudonym
-- p_known.  The result is 'held': begin it with `until` and `day`; why not, as
-- spend_reserve names it; 'subscriber_unknown'; or 'busy': ask again.  Totals
-- of all lines are counted with the payment (see total_reserve).
--
-- When it was held before, because this is sent again, it is not counted
-- again.  It is not held when its time is over, so what comes late does
-- nothing.
--
-- Planner settings: see payment_create.

begin;
set local role carrierpay_owner;

create function carrierpay.line_reserve(p_payment_id bigint[],
    p_attempt bigint[], p_merchant_id int[], p_live bool[],
    p_operator text[], p_mvno text[], p_currency text[], p_amount bigint[],
    p_index bytea[], p_msisdn bytea[], p_subscriber_id bigint[],
    p_pseudonym_id bigint[], p_known bigint[], p_pin_attempt bigint[])
returns table (ord int, result text, until bigint, day int,
    subscriber_id bigint, pseudonym_id bigint, msisdn_index bytea,
    msisdn bytea, operator text, mvno text, consent_id bigint, apart bool,
    later_max bigint, later_currency text)
language plpgsql security definer
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
set enable_memoize = off
set enable_nestloop = on
set enable_mergejoin = off
as $$
#variable_conflict use_column
declare
    c_while constant int := 15000;
    c_late  constant int := 10000;  -- until it is asked for: see payment_begun
    v_now        bigint := now_ms();
    v_result     text[];
    v_index      bytea[];
    v_msisdn     bytea[];
    v_operator   text[];
    v_mvno       text[];
    v_consent    bigint[];
    v_subscriber bigint[];
    v_pseudonym  bigint[];
    v_shopper    record;
    v_day        date[];
    v_caps       spend_cap[];
    v_reason     text[];
    v_later      date[];
    v_apart      bool[];
    v_max        bigint[];
    v_max_in     text[];
begin
    select array_agg(case
               when h.day is not null then 'held'
               when id_time(p_attempt[i]) + c_while <= v_now then 'late'
               when p_known[i] is null then 'begin'
               when s.msisdn is null then 'subscriber_unknown'
               else 'known' end order by i),
           array_agg(coalesce(s.msisdn_index, p_index[i]) order by i),
           array_agg(coalesce(s.msisdn, p_msisdn[i]) order by i),
           array_agg(case when p_known[i] is null then p_operator[i]
                     else s.operator end order by i),
           array_agg(case when p_known[i] is null then p_mvno[i]
                     else s.mvno end order by i),
           array_agg(n.consent_id order by i),
           array_agg(s.id order by i), array_agg(n.id order by i),
           array_agg(h.day order by i), array_agg(h.apart order by i),
           array_agg(n.later_max order by i),
           array_agg(n.currency order by i)
      into v_result, v_index, v_msisdn, v_operator, v_mvno, v_consent,
           v_subscriber, v_pseudonym, v_day, v_apart, v_max, v_max_in
      from generate_subscripts(p_payment_id, 1) as i
      left join lateral (
           select h.day, h.apart from line_hold h
            where h.payment_id = p_payment_id[i]
              and h.attempt = p_attempt[i] offset 0) h on true
      left join lateral (
           select n.id, n.subscriber_id, n.consent_id from pseudonym n
            where n.id = p_known[i] and n.live = p_live[i]
              and n.merchant_id = p_merchant_id[i]
              and n.known_since is not null offset 0) k on true
      left join lateral (
           select s.* from subscriber s where s.id = k.subscriber_id
           union all
           select s.* from subscriber s
            where p_known[i] is null and s.msisdn_index = p_index[i]
              and s.live = p_live[i] offset 0) s on true
      left join lateral (
           select n.id, n.consent_id, n.later_max, n.currency
             from pseudonym n
            where n.subscriber_id = s.id and n.live = p_live[i]
              and n.merchant_id = p_merchant_id[i] offset 0) n on true;

    v_caps := spend_caps(v_operator, v_now);

    select r.reason, r.later into v_reason, v_later
      from spend_reserve(
           array(select i from generate_subscripts(v_result, 1) as i
                  where v_result[i] in ('begin', 'known')),
           v_index, p_live, v_operator, p_merchant_id, p_currency, p_amount,
           p_known, v_caps, true) r;

    for i in 1 .. coalesce(array_upper(v_reason, 1), 0) loop
        v_result[i] := coalesce(v_reason[i], v_result[i]);
    end loop;

    if 'begin' = any (v_result) then
        select * into v_shopper
          from payment_shopper(v_result, p_live, p_merchant_id, p_operator,
               p_subscriber_id, p_index, p_msisdn, p_mvno, p_pseudonym_id);

        for i in 1 .. array_upper(v_result, 1) loop
            if v_result[i] = 'begin' then
                v_subscriber[i] := v_shopper.subscriber_id[i];
                v_pseudonym[i] := v_shopper.pseudonym_id[i];
            end if;
        end loop;
    end if;

    with held as (
        insert into line_hold (payment_id, attempt, msisdn_index, live,
                               merchant_id, amount, currency, day, apart,
                               until, due_at)
        select p_payment_id[i], p_attempt[i], v_index[i], p_live[i],
               p_merchant_id[i], p_amount[i], p_currency[i],
               coalesce(v_later[i], c.day), c.apart,
               id_time(p_attempt[i]) + c_while,
               id_time(p_attempt[i]) + c_while + c_late
          from generate_subscripts(v_result, 1) as i
          join unnest(v_caps) as c on c.operator = v_operator[i]
         where v_result[i] in ('begin', 'known')
        returning payment_id, attempt, day, apart
    )
    select array_agg(coalesce(h.day, v_day[i]) order by i),
           array_agg(coalesce(h.apart, v_apart[i]) order by i)
      into v_day, v_apart
      from generate_subscripts(v_result, 1) as i
      left join held h on h.payment_id = p_payment_id[i]
                      and h.attempt = p_attempt[i];

    if exists (select from unnest(p_pin_attempt) as t where t is not null) then
        delete from pin_failure f where f.id = any (p_pin_attempt);
    end if;

    return query
    select i, case v_result[i] when 'begin' then 'held' when 'known' then
                  'held' when 'late' then 'busy' else v_result[i] end,
           id_time(p_attempt[i]) + c_while, v_day[i] - '1970-01-01'::date,
           v_subscriber[i], v_pseudonym[i], v_index[i], v_msisdn[i],
           v_operator[i], v_mvno[i], v_consent[i], v_apart[i], v_max[i],
           v_max_in[i]
      from generate_subscripts(v_result, 1) as i;
end
$$;

revoke all on function carrierpay.line_reserve from public;
grant execute on function carrierpay.line_reserve to carrierpay;

commit;
