-- Deploy carrierpay:journal to pg
-- requires: payment
-- requires: contract

begin;
set local role carrierpay_owner;
set local search_path = carrierpay, pg_temp;

-- A CHECK is parsed and planned again for every statement that inserts, and
-- the bare expression would cost a batch of one more than all the rest of
-- the insertion: so it is a function.  It reads no table.
create function carrierpay.journal_balanced(amounts bigint[]) returns bool
language plpgsql immutable
as $$
begin
    return cardinality(amounts) between 2 and 8
       and array_position(amounts, null) is null
       and amounts[1] + amounts[2] + coalesce(amounts[3], '0')
           + coalesce(amounts[4], '0') + coalesce(amounts[5], '0')
           + coalesce(amounts[6], '0') + coalesce(amounts[7], '0')
           + coalesce(amounts[8], '0') is not distinct from '0';
end
$$;

-- the accounts of the legs that are not zero
create function carrierpay.journal_accounts(accounts int[], amounts bigint[])
returns int[]
language plpgsql immutable
as $$
begin
    return array(select l.account
                   from unnest(accounts, amounts)
                        with ordinality as l (account, amount, leg)
                  where l.amount <> 0
                  order by l.leg);
end
$$;

-- Double entry, one row a journal: its legs are two arrays, which costs a
-- third of a row a leg.  Debit is positive, credit negative; the first leg is
-- what was paid, or paid back.  One operation of a payment posts once (1: the
-- charge).
--
-- No foreign keys, as for payment; `carrierpay-admin journal check` follows
-- the references.
create table journal (
    payment_id  bigint not null,
    at          bigint not null,
    contract_id int not null,
    operation   smallint not null,
    category    "char" not null,        -- what was sold
    currency    text not null,
    accounts    int[] not null,
    amounts     bigint[] not null,
    primary key (payment_id, operation),

    constraint journal_balanced check (
        cardinality(accounts) = cardinality(amounts)
        and journal_balanced(amounts))
) partition by range (payment_id);

-- What was posted since an instant is found by this index; a refund goes to
-- the partition of its payment, however old.  Each entry goes to the end of an
-- index: that costs a payment about half a microsecond.
create index journal_at on journal (at);

-- The journal is append only, even for its owner: an error is corrected by
-- another journal.
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

commit;
