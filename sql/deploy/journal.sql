-- Deploy carrierpay:journal to pg
-- requires: payment
-- requires: contract

begin;
set local role carrierpay_owner;
set local search_path = carrierpay, pg_temp;

-- Double entry, one row a journal: its legs are two arrays, which costs a
-- third of a row a leg.  Debit is positive, credit negative.  One operation
-- of a payment posts once (1: the charge).
--
-- No foreign keys, as for payment; `carrierpay-admin journal check` follows
-- the references.
create table journal (
    payment_id  bigint not null,
    at          bigint not null,
    contract_id int not null,
    operation   smallint not null,
    currency    text not null,
    accounts    int[] not null,
    amounts     bigint[] not null,
    primary key (payment_id, operation),

    constraint journal_legs check (
        array_ndims(amounts) = 1 and array_ndims(accounts) = 1
        and array_lower(amounts, 1) = 1 and array_lower(accounts, 1) = 1
        and cardinality(amounts) = cardinality(accounts)
        and cardinality(amounts) between 2 and 8),

    -- a null leg makes the sum null, which would pass: hence "is true"
    constraint journal_balanced check ((
        amounts[1] + amounts[2]
        + case when cardinality(amounts) < 3 then 0 else
            amounts[3]
            + case when cardinality(amounts) < 4 then 0 else amounts[4] end
            + case when cardinality(amounts) < 5 then 0 else amounts[5] end
            + case when cardinality(amounts) < 6 then 0 else amounts[6] end
            + case when cardinality(amounts) < 7 then 0 else amounts[7] end
            + case when cardinality(amounts) < 8 then 0 else amounts[8] end
          end = 0) is true),

    constraint journal_accounts check (array_position(accounts, null) is null)
);

-- Append only, for everybody: what is wrong is corrected by another journal.
create function carrierpay.journal_refuse() returns trigger
language plpgsql
as $$
begin
    raise exception 'the journal is append-only'
        using errcode = 'restrict_violation';
end
$$;

create trigger journal_refuse before update or delete or truncate on journal
    for each statement execute function journal_refuse();
alter table journal enable always trigger journal_refuse;

-- the legs as rows
create view entry as
select j.payment_id, j.operation, l.leg::int as leg, l.account_id,
       a.code as account, j.currency, l.amount, j.at, j.contract_id
  from journal j
 cross join unnest(j.accounts, j.amounts)
       with ordinality as l (account_id, amount, leg)
  left join account a on a.id = l.account_id;

create view balance as
select account_id, account, currency, sum(amount) as amount,
       count(*) as entries
  from entry
 group by account_id, account, currency;

commit;
