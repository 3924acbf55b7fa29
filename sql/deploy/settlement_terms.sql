-- Deploy carrierpay:settlement_terms to pg
-- requires: merchant
-- requires: operator
-- requires: basics

-- The parties of settlements: a merchant or an operator, in one currency and
-- mode.  Their terms: whether by day, week or month, in which time zone the
-- days are, the least that our fee is, what of the merchant's net is held back
-- and for how long, and the shares of third parties, such as a distributor.

begin;
set local role carrierpay_owner;
set local search_path = carrierpay, pg_temp;

-- Its row is the lock of all that is settled with it.
create table settlement_party (
    id          int primary key generated always as identity,
    merchant_id int references merchant,
    operator    text references operator,
    live        bool not null,
    currency    text not null references currency,
    check (num_nonnulls(merchant_id, operator) = 1),
    unique nulls not distinct (merchant_id, operator, live, currency)
);

-- Basis points of what the merchant's shoppers have paid ('g', gross, less
-- what was paid back), or of our fee ('f'); paid by the merchant ('m') or by
-- us ('p', the platform).
create type commission as (
    name                text,
    payer               "char",
    base                "char",
    bp                  int
);

create function carrierpay.commissions_valid(
    commissions carrierpay.commission[]) returns bool
language sql immutable
return (select coalesce(bool_and(coalesce(
                   c.name ~ '^[a-z0-9_]{1,32}$' and c.payer in ('m', 'p')
                   and c.base in ('g', 'f') and c.bp between 1 and 10000,
                   false)), true)
               and count(distinct c.name) = count(*)
          from unnest(commissions) c);

-- In force for the periods that begin on that day or later, until the next
-- ones are; of two from one day those that were added later.
create table settlement_terms (
    id           int primary key generated always as identity,
    party_id     int not null references settlement_party,
    valid_from   date not null,
    period       "char" not null check (period in ('d', 'w', 'm')),
    time_zone    text not null,
    minimum_fee  bigint not null default 0
                 check (minimum_fee between 0 and 1000000000000),
    reserve_bp   int not null default 0 check (reserve_bp between 0 and 10000),
    reserve_days int not null default 0
                 check (reserve_days between 0 and 3650),
    commissions  commission[] not null default '{}'
                 check (commissions_valid(commissions)),
    added        bigint not null default now_ms(),
    constraint settlement_terms_reserve
        check ((reserve_bp = 0) = (reserve_days = 0))
);

create index settlement_terms_find
    on settlement_terms (party_id, valid_from, id);

create function carrierpay.settlement_period_name(period "char") returns text
language sql immutable parallel safe
return case period when 'd' then 'day' when 'w' then 'week'
                   when 'm' then 'month' end;

create function carrierpay.settlement_refuse() returns trigger
language plpgsql
as $$
begin
    raise exception 'what is settled, and the terms for it, do not change'
        using errcode = 'restrict_violation';
end
$$;

create trigger settlement_refuse before update or delete or truncate
    on settlement_party for each statement
    execute function settlement_refuse();
alter table settlement_party enable always trigger settlement_refuse;

create trigger settlement_refuse before update or delete or truncate
    on settlement_terms for each statement
    execute function settlement_refuse();
alter table settlement_terms enable always trigger settlement_refuse;

-- The party with this merchant or operator; null: there are no terms for it.
create function carrierpay.settlement_party_id(p_merchant_id int,
    p_operator text, p_live bool, p_currency text)
returns int
language sql stable
set search_path = carrierpay, pg_temp
as $$
    select p.id from settlement_party p
     where p.merchant_id is not distinct from p_merchant_id
       and p.operator is not distinct from p_operator
       and p.live = p_live and p.currency = p_currency
$$;

-- Dates are days of the time zone.  What an operator is settled by are the
-- period and the time zone alone.
create function carrierpay.settlement_terms_add(p_merchant_id int,
    p_operator text, p_live bool, p_currency text, p_valid_from date,
    p_period "char", p_time_zone text, p_minimum_fee bigint default 0,
    p_reserve_bp int default 0, p_reserve_days int default 0,
    p_commissions carrierpay.commission[] default '{}')
returns int
language plpgsql
set search_path = carrierpay, pg_temp
as $$
declare
    v_party int;
    v_id    int;
begin
    if not exists (select from pg_timezone_names z
                    where z.name = p_time_zone) then
        raise exception 'there is no time zone "%"', p_time_zone
            using errcode = 'check_violation',
                  constraint = 'settlement_terms_time_zone';
    end if;

    if p_operator is not null and (p_minimum_fee, p_reserve_bp,
           cardinality(p_commissions)) <> (0, 0, 0) then
        raise exception 'an operator has no fees, reserve or commissions'
            using errcode = 'check_violation',
                  constraint = 'settlement_terms_operator';
    end if;

    insert into settlement_party (merchant_id, operator, live, currency)
    values (p_merchant_id, p_operator, p_live, p_currency)
    on conflict (merchant_id, operator, live, currency) do nothing;

    v_party := settlement_party_id(p_merchant_id, p_operator, p_live,
                                   p_currency);

    insert into settlement_terms (party_id, valid_from, period, time_zone,
        minimum_fee, reserve_bp, reserve_days, commissions)
    values (v_party, p_valid_from, p_period, p_time_zone, p_minimum_fee,
        p_reserve_bp, p_reserve_days, p_commissions)
    returning id into v_id;

    return v_id;
end
$$;

revoke all on function settlement_party_id, settlement_terms_add from public;

commit;
