-- Deploy carrierpay:posting to pg
-- requires: journal
-- requires: contract_add
-- requires: basics

-- What is posted for a merchant beside its payments: what a settlement
-- corrects, holds back and remits, what people adjust, and what a chargeback
-- costs.  The journal is keyed by payments and written with them, so these
-- have a table of their own, with the same rules: double entry, a row a
-- journal, append only.

begin;
set local role carrierpay_owner;
set local search_path = carrierpay, pg_temp;

-- A letter in the table, a word at the edge.
create function carrierpay.posting_kind_name(kind "char") returns text
language sql immutable parallel safe
return case kind when 't' then 'tier_correction' when 'm' then 'minimum_fee'
                 when 'p' then 'commission' when 'h' then 'reserve_held'
                 when 'l' then 'reserve_released' when 'd' then 'remittance'
                 when 'f' then 'remittance_paid'
                 when 'x' then 'remittance_returned'
                 when 'a' then 'adjustment' when 'q' then 'payout'
                 when 'z' then 'payout_paid'
                 when 'v' then 'payout_returned'
                 when 'g' then 'chargeback_fee' end;

-- `settlement_id` is the settlement that has made it, or the one that the
-- remittance is of; `contract_id` the contract of the tier that it corrects.
create table posting (
    id            bigint primary key generated always as identity,
    at            bigint not null,
    merchant_id   int not null references merchant,
    contract_id   int,
    settlement_id int,
    kind          "char" not null check (posting_kind_name(kind) is not null),
    live          bool not null,
    currency      text not null references currency,
    reference     text check (octet_length(reference) between 1 and 200),
    reason        text check (octet_length(reason) between 1 and 500),
    accounts      int[] not null,
    amounts       bigint[] not null,

    constraint posting_balanced check (
        cardinality(accounts) = cardinality(amounts)
        and journal_balanced(amounts))
);

create index posting_at on posting (at);
create index posting_settlement on posting (settlement_id);

-- The same adjustment is not made twice.
create unique index posting_adjustment on posting (merchant_id, live,
    reference) where kind = 'a';

create trigger posting_refuse before update or delete or truncate on posting
    for each statement execute function journal_refuse();
alter table posting enable always trigger posting_refuse;

-- An account of a merchant, or with 0 one of ours.
create function carrierpay.posting_account(p_merchant_id int, p_live bool,
    p_name text)
returns int
language plpgsql
set search_path = carrierpay, pg_temp
as $$
begin
    return account_id(case when p_live then '' else 'test:' end
                      || case p_merchant_id when 0 then ''
                         else 'merchant:' || p_merchant_id || ':' end
                      || p_name);
end
$$;

-- Posts it now, without the legs that are zero.
create function carrierpay.posting_add(p_kind "char", p_merchant_id int,
    p_live bool, p_currency text, p_accounts int[], p_amounts bigint[],
    p_settlement_id int default null, p_contract_id int default null,
    p_reference text default null, p_reason text default null)
returns bigint
language plpgsql
set search_path = carrierpay, pg_temp
as $$
declare
    v_id bigint;
begin
    insert into posting (at, merchant_id, contract_id, settlement_id, kind,
                         live, currency, reference, reason, accounts, amounts)
    values (post_ms(), p_merchant_id, p_contract_id, p_settlement_id, p_kind,
            p_live, p_currency, p_reference, p_reason,
            journal_accounts(p_accounts, p_amounts),
            array_remove(p_amounts, 0))
    returning id into v_id;

    return v_id;
end
$$;

-- An amount of one leg; 0 when there is none.
create function carrierpay.posting_leg(accounts int[], amounts bigint[],
    account int)
returns bigint
language sql immutable parallel safe
return coalesce(amounts[array_position(accounts, account)], 0);

-- The legs of both journals as rows, and their sums: all that was ever posted,
-- read from the beginning (see balance for what is counted as it comes).
create view entry as
select j.payment_id, j.operation, j.posting_id, l.leg::int as leg,
       l.account_id, a.code as account, j.currency, l.amount, j.at,
       j.contract_id
  from (select payment_id, operation, null::bigint as posting_id, currency,
               at, contract_id, accounts, amounts
          from journal
         union all
        select null, null, id, currency, at, contract_id, accounts, amounts
          from posting) j
 cross join unnest(j.accounts, j.amounts)
       with ordinality as l (account_id, amount, leg)
  left join account a on a.id = l.account_id;

create view balance as
select account_id, account, currency, sum(amount) as amount,
       count(*) as entries
  from entry
 group by account_id, account, currency;

revoke all on function posting_account, posting_add, posting_leg from public;

commit;
