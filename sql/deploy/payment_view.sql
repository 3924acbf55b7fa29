-- Deploy carrierpay:payment_view to pg
-- requires: payment
-- requires: category
-- requires: pin
-- requires: attempt

-- A payment as the service reads it, and the functions that read it.

begin;
set local role carrierpay_owner;
set local search_path = carrierpay, pg_temp;

-- Lateral, behind an OFFSET 0: each part is looked up by its key, whatever
-- the planner thinks of the tables' sizes (see payment_create).  The shopper's
-- page shows the merchant's brand as well.
create view page_view as
select p.id, p.merchant_id, m.name as merchant_name, p.live, p.amount,
       p.currency, p.description, p.reference, p.return_url, p.metadata,
       state_name(p.state) as state, p.outcome_unknown,
       case p.state when 'f' then p.failure_code end as failure_code,
       p.operator, o.name as operator_name, p.pseudonym_id, s.msisdn,
       p.attempt, id_time(p.id) as created,
       coalesce(p.held_until, p.expires) as expires,
       coalesce(p.locale, p.language) as locale, p.email, p.approval,
       case p.state when 'p' then
           exists (select from pin n
                    where n.payment_id = p.id
                      and (p.attempts is null
                           or n.pin_id > attempt_last(p.id))) end as pin,
       category_name(p.category) as category, p.later_max, p.share, p.tax,
       p.fee, p.manual, p.captured, coalesce(p.refunded, 0) as refunded,
       coalesce(p.charged_back, 0) as charged_back,
       case when p.hold = 'r' then 'reserve' when p.hold is not null then
           'void' when p.manual then 'capture' else 'charge' end as operation,
       case when p.attempts is not null then
           attempt_list(p.id, null) end as declined,
       m.support, m.terms_url, m.colour, m.logo, m.frames
  from payment p
  left join lateral (select m.* from merchant m
                      where m.id = p.merchant_id offset 0) m on true
  left join lateral (select o.name from operator o
                      where o.code = p.operator offset 0) o on true
  left join lateral (select s.msisdn from subscriber s
                      where s.id = p.subscriber_id offset 0) s on true;

create view payment_view as
select id, merchant_id, merchant_name, live, amount, currency, description,
       reference, return_url, metadata, state, outcome_unknown, failure_code,
       operator, operator_name, pseudonym_id, msisdn, attempt, created,
       expires, locale, email, approval, pin, category, later_max, share,
       tax, fee, manual, captured, refunded, charged_back, operation, declined
  from page_view;

create function carrierpay.payment_get(p_merchant_id int, p_live bool,
    p_id bigint)
returns setof payment_view
language plpgsql stable security definer
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
as $$
begin
    return query
    select * from payment_view v
     where v.id = p_id and v.merchant_id = p_merchant_id and v.live = p_live;
end
$$;

-- For the shopper's page, whose link is the right to see it.
--
-- Of many at once: a query's start costs more than a page (see payment_create
-- for the settings).  Payments that do not exist have no row.
create function carrierpay.payment_page(p_id bigint[])
returns table (ord int, id bigint, merchant_id int, merchant_name text,
    live bool, amount bigint, currency text, description text,
    reference text, return_url text, metadata text, state text,
    outcome_unknown bool, failure_code text, operator text,
    operator_name text, pseudonym_id bigint, msisdn bytea, attempt bigint,
    created bigint, expires bigint, locale text, email bytea,
    approval bool, pin bool, category text, later_max bigint,
    share bigint, tax bigint, fee bigint, manual bool, captured bigint,
    refunded bigint, charged_back bigint, operation text, declined text,
    support text, terms_url text, colour text, logo text,
    frames text)
language plpgsql stable security definer
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
set enable_memoize = off
as $$
#variable_conflict use_column
declare
    v_low  bigint;
    v_high bigint;
begin
    select min(id), max(id) into v_low, v_high from unnest(p_id) as id;

    return query
    select i, v.*
      from generate_subscripts(p_id, 1) as i
     cross join lateral (
           select * from page_view v
            where v.id = p_id[i] and v.id between v_low and v_high
           offset 0) v;
end
$$;

revoke all on function payment_get, payment_page from public;
grant execute on function payment_get, payment_page to carrierpay;

commit;
