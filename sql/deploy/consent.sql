-- Deploy carrierpay:consent to pg
-- requires: schema

-- What a shopper agreed to when paying.  Each charge has one row, which is
-- written with the intent to charge and never changed.

begin;
set local role carrierpay_owner;
set local search_path = carrierpay, pg_temp;

create table consent (
    payment_id  bigint primary key,
    at          bigint not null,
    shown_at    bigint,             -- null: no page, agreed before
    merchant_id int not null,
    method      text not null,      -- of identifying the shopper
    locale      text,
    shown       text,               -- what the page said, in JSON
    address     text,               -- the shopper's
    agent       text,               -- what the browser calls itself
    page        bytea               -- SHA-256 of the page's template
);

create function carrierpay.consent_refuse() returns trigger
language plpgsql
as $$
begin
    raise exception 'consents are append-only'
        using errcode = 'restrict_violation';
end
$$;

create trigger consent_refuse before update or delete or truncate on consent
    for each statement execute function consent_refuse();
alter table consent enable always trigger consent_refuse;

commit;
