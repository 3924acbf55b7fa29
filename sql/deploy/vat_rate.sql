-- Deploy carrierpay:vat_rate to pg
-- requires: category
-- requires: basics

begin;
set local role carrierpay_owner;
set local search_path = carrierpay, pg_temp;

-- The VAT of what is sold in a country.  A rate is in force from an instant
-- on, until the next one of its country and category is; of two that begin at
-- the same time the one that was added later, so that a mistake is mended by
-- another row.  No row ever changes: `added` tells which one a payment was
-- rated by.
create table vat_rate (
    id          int primary key generated always as identity,
    country     text not null check (country ~ '^[A-Z]{2}$'),
    category    "char" not null check (category_name(category) is not null),
    valid_from  bigint not null,
    bp          int not null check (bp between 0 and 10000),
    added       bigint not null default now_ms()
);

create index vat_rate_find on vat_rate (country, category, valid_from, id);

-- No row: there is none.  A plain query, which the planner puts into those
-- that name it.
create function carrierpay.vat_rate_at(p_country text, p_category "char",
    p_at bigint)
returns table (bp int)
language sql stable
as $$
    select v.bp from carrierpay.vat_rate v
     where v.country = p_country and v.category = p_category
       and v.valid_from <= p_at
     order by v.valid_from desc, v.id desc
     limit 1
$$;

create function carrierpay.vat_rate_refuse() returns trigger
language plpgsql
as $$
begin
    raise exception 'a VAT rate does not change: add the next one'
        using errcode = 'restrict_violation';
end
$$;

create trigger vat_rate_refuse before update or delete or truncate on vat_rate
    for each statement execute function vat_rate_refuse();
alter table vat_rate enable always trigger vat_rate_refuse;

commit;
