-- Deploy carrierpay:consent to pg
-- requires: schema

-- What a shopper agreed to when paying: written with the intent to charge,
-- under its id, and never changed.  A charge without a page names the
-- consent that allows it: of an earlier payment, whose page said how much the
-- merchant may charge later (see allowance), or the import of those who agreed
-- elsewhere.

begin;
set local role carrierpay_owner;
set local search_path = carrierpay, pg_temp;

create table consent (
    id          bigint primary key,
    payment_id  bigint,             -- null: imported
    at          bigint not null,
    shown_at    bigint,             -- null: no page
    merchant_id int not null,
    method      text not null,      -- of identifying the shopper
    locale      text,
    shown       text,               -- what the page said, in JSON
    address     text,               -- the shopper's
    agent       text,               -- what the browser calls itself
    page        bytea,              -- SHA-256 of the page's template
    later_max   bigint,             -- of later charges in a month; null:
                                    -- none, it is for this payment alone
    currency    text                -- of later_max
) partition by range (id);

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
