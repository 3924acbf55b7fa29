-- Deploy carrierpay:price_list to pg
-- requires: operator
-- requires: split
-- requires: basics

-- The amounts that an operator charges, and no others: its price points.

begin;
set local role carrierpay_owner;
set local search_path = carrierpay, pg_temp;

create function carrierpay.price_ascending(amounts bigint[]) returns bool
language sql immutable parallel safe
return amounts = array(select distinct a from unnest(amounts) as a order by a);

-- Price points are some amounts, or all from the lowest to the highest in
-- steps; a list without either allows all amounts.  As with VAT rates, a list
-- is in force until the operator's next one is, of two from the same instant
-- the later one counts, and none ever changes.
create table price_list (
    id          int primary key generated always as identity,
    operator    text not null references operator (code),
    valid_from  bigint not null,
    amounts     bigint[],
    lowest      bigint,
    highest     bigint,
    step        bigint,
    added       bigint not null default now_ms(),

    constraint price_list_amounts check (
        cardinality(amounts) between 1 and 500
        and array_position(amounts, null) is null
        and price_ascending(amounts) and amounts[1] > 0
        and amounts[cardinality(amounts)] <= split_limit()),
    constraint price_list_range check (
        lowest > 0 and highest between lowest and split_limit()
        and step between 1 and split_limit()),
    constraint price_list_form check (
        num_nulls(lowest, highest, step) = 3
        or num_nulls(lowest, highest, step, amounts) = 1 and amounts is null)
);

create index price_list_find on price_list (operator, valid_from, id);

create function carrierpay.price_list_refuse() returns trigger
language plpgsql
as $$
begin
    raise exception 'price points do not change: add the next ones'
        using errcode = 'restrict_violation';
end
$$;

create trigger price_list_refuse before update or delete or truncate
    on price_list
    for each statement execute function price_list_refuse();
alter table price_list enable always trigger price_list_refuse;

-- Is the amount one of these price points?
create function carrierpay.price_allowed(amount bigint, amounts bigint[],
    lowest bigint, highest bigint, step bigint) returns bool
language sql immutable parallel safe
return coalesce(amount = any (amounts),
                amount between lowest and highest
                and (amount - lowest) % step = 0, true);

-- The nearest price points below and above an amount; null: there is none.
create function carrierpay.price_below(amount bigint, amounts bigint[],
    lowest bigint, highest bigint, step bigint) returns bigint
language sql immutable parallel safe
return coalesce((select max(a) from unnest(amounts) as a where a < amount),
                case when amount > lowest then
                    lowest + (least(amount - 1, highest) - lowest)
                             / step * step end);

create function carrierpay.price_above(amount bigint, amounts bigint[],
    lowest bigint, highest bigint, step bigint) returns bigint
language sql immutable parallel safe
return coalesce((select min(a) from unnest(amounts) as a where a > amount),
                case when amount < lowest then lowest
                     when amount < lowest + (highest - lowest) / step * step
                         then lowest + ((amount - lowest) / step + 1) * step
                     end);

commit;
