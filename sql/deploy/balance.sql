-- Deploy carrierpay:balance to pg
-- requires: posting
-- requires: payment
-- requires: contract
-- requires: chargeback
-- requires: basics

-- What stands on the accounts, and what was sold, as of a stated moment.
--
-- A row of sums that each payment updated would be hot: each transaction would
-- wait for the one before.  So payments write their journals and no sums, and
-- a worker counts, every two seconds, what was posted since the last time.
-- What it has counted is exact, for all that was posted before a moment, the
-- mark, and it holds nothing that was posted later.
--
-- The mark goes on in two steps.  First the moment at which this transaction
-- began is noted, as the next mark, with the number of the transaction.  When
-- all transactions with lower numbers have ended, prepared ones and those of
-- other sessions and roles as well, that mark is reached: a transaction reads
-- the clock that it posts by when it has its number (post_ms), so one that has
-- read it before the noted moment had a lower number, and what it has posted
-- is there to be read, or never will be.  A transaction that writes nothing,
-- such as a dump, has no number, and is not waited for.
--
-- The clock of the database must not be set back.  What is posted at a moment
-- before the mark for that reason is not counted, and
-- `carrierpay-admin journal check` finds it.

begin;
set local role carrierpay_owner;
set local search_path = carrierpay, pg_temp;

create table balance_mark (
    one     bool primary key default true check (one),
    until   bigint not null,    -- what was posted before is counted
    next    bigint,             -- the next mark
    horizon xid8,               -- the transaction that has noted it
    check ((next is null) = (horizon is null))
);

insert into balance_mark (until) values (0);

-- The sums of an account in a day, in UTC.
create table balance_day (
    account_id int not null,
    day        date not null,
    debit      bigint not null,
    credit     bigint not null,
    entries    bigint not null,
    currency   text not null,
    primary key (account_id, currency, day)
) with (fillfactor = 50);

-- What was sold under a contract in a quarter of an hour, from which the
-- periods of any time zone are made.  A refund counts where it was posted,
-- below zero, and so does a chargeback; one that we bear is a kind of its own,
-- a loss, since the merchant keeps its net.  `wholes` counts payments, of a
-- part as much of one as that part is.  What stands in suspense was not sold:
-- it is the operator's debt alone.
create table turnover (
    at          bigint not null,    -- its beginning
    contract_id int not null,
    kind        "char" not null check (kind in ('c', 'r', 'b', 'w', 's')),
    category    "char" not null,
    payments    bigint not null,
    wholes      numeric,            -- null: the contract has no tiers
    gross       bigint not null,    -- what shoppers have paid
    received    bigint not null,    -- the operator's debt for it
    share       bigint not null,    -- and its share
    tax         bigint not null,
    fee         bigint not null,
    net         bigint not null,    -- the merchant's
    primary key (contract_id, at, kind, category)
) with (fillfactor = 50);

create function carrierpay.turnover_kind_name(kind "char") returns text
language sql immutable parallel safe
return case kind when 'c' then 'charge' when 'r' then 'refund'
                 when 'b' then 'chargeback' when 'w' then 'loss'
                 when 's' then 'suspense' end;

-- What the legs of a contract's journals are to each side.
create function carrierpay.turnover_parts(p_contract_id int, p_kind "char",
    p_accounts int[], p_amounts bigint[])
returns table (kind "char", gross bigint, received bigint, share bigint,
    tax bigint, fee bigint, net bigint)
language sql stable
set search_path = carrierpay, pg_temp
as $$
    select case g.gross when 0 then 's' else p_kind end::"char", g.gross,
           a.received, a.share, a.tax, a.fee, a.net
      from contract k
     cross join lateral (
           select posting_leg(p_accounts, p_amounts, k.receivable_account)
                      as received,
                  -posting_leg(p_accounts, p_amounts, k.share_account)
                      as share,
                  -posting_leg(p_accounts, p_amounts, k.tax_account) as tax,
                  -posting_leg(p_accounts, p_amounts, k.revenue_account)
                      as fee,
                  -posting_leg(p_accounts, p_amounts, k.payable_account)
                      as net) a
     cross join lateral (
           select case p_kind when 'w' then a.received
                  else a.share + a.tax + a.fee + a.net end as gross) g
     where k.id = p_contract_id
$$;

-- Counts what was posted from an instant on and before another one.
--
-- Journals of a contract differ in their amounts and hardly in their accounts,
-- so these are summed up first, leg by leg: a payment costs a microsecond, and
-- the sums of all accounts are made of few rows.  Those with an end on another
-- side are apart, so that debit and credit stay what they are.  Only of a
-- contract with tiers it is needed how large a part of a payment was paid.
create function carrierpay.balance_count(p_from bigint, p_until bigint)
returns void
language plpgsql
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
set enable_sort = off
as $$
declare
    v_tiered int[] := array(select k.id from contract k
                             where cardinality(k.tiers) > 0);
begin
    with journals as materialized (
        select j.contract_id, j.category, j.currency, j.accounts,
               j.at - j.at % 900000 as at,
               case when j.operation = 1 then 'c' else coalesce((
                   select case b.bearer when 'p' then 'w' else 'b' end
                     from chargeback b
                    where b.payment_id = j.payment_id
                      and b.number = j.operation), 'r') end::"char" as kind,
               count(*) as entries,
               sum(case when j.contract_id = any (v_tiered) then
                       j.amounts[1]::numeric / (select p.amount from payment p
                                                 where p.id = j.payment_id)
                   end) as wholes,
               array[sum(j.amounts[1]), sum(j.amounts[2]), sum(j.amounts[3]),
                     sum(j.amounts[4]), sum(j.amounts[5]), sum(j.amounts[6]),
                     sum(j.amounts[7]), sum(j.amounts[8])]::bigint[]
                   as amounts
          from journal j
         where j.at >= p_from and j.at < p_until
         group by 1, 2, 3, 4, 5, 6, j.amounts[1] > 0,
                  j.amounts[cardinality(j.amounts)] > 0
    ), counted as (
        insert into balance_day as b (account_id, currency, day, debit, credit,
                                      entries)
        select l.account_id, j.currency,
               (to_timestamp(j.at / 1000) at time zone 'UTC')::date,
               sum(greatest(l.amount, 0)), sum(greatest(-l.amount, 0)),
               sum(j.entries)
          from (select currency, at, accounts, amounts, entries from journals
                 union all
                select currency, at, accounts, amounts, 1 from posting
                 where at >= p_from and at < p_until) j
         cross join unnest(j.accounts, j.amounts[:cardinality(j.accounts)])
               as l (account_id, amount)
         group by 1, 2, 3
        on conflict (account_id, currency, day)
        do update set debit = b.debit + excluded.debit,
                      credit = b.credit + excluded.credit,
                      entries = b.entries + excluded.entries
    )
    insert into turnover as t (contract_id, at, kind, category, payments,
        wholes, gross, received, share, tax, fee, net)
    select j.contract_id, j.at, s.kind, j.category, sum(j.entries),
           sum(j.wholes), sum(s.gross), sum(s.received), sum(s.share),
           sum(s.tax), sum(s.fee), sum(s.net)
      from journals j
     cross join lateral turnover_parts(j.contract_id, j.kind, j.accounts,
                                       j.amounts) s
     group by 1, 2, 3, 4
    on conflict (contract_id, at, kind, category)
    do update set payments = t.payments + excluded.payments,
                  wholes = t.wholes + excluded.wholes,
                  gross = t.gross + excluded.gross,
                  received = t.received + excluded.received,
                  share = t.share + excluded.share,
                  tax = t.tax + excluded.tax,
                  fee = t.fee + excluded.fee,
                  net = t.net + excluded.net;
end
$$;

-- Counts up to p_until, or when that is too much for one call as far as it
-- comes.  Only for the session that has locked the mark, with an instant
-- before which nothing can be posted any more.
create function carrierpay.balance_until(p_until bigint) returns void
language plpgsql
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
as $$
declare
    c_most  constant int := 10000;
    v_from  bigint := (select m.until from balance_mark m);
    v_until bigint;
begin
    v_until := (select greatest(j.at, v_from + 1) from journal j
                 where j.at >= v_from and j.at < p_until
                 order by j.at offset c_most limit 1);
    v_until := coalesce(v_until, p_until);

    perform balance_count(v_from, v_until);

    update balance_mark m
       set until = v_until,
           next = case when v_until < p_until then m.next end,
           horizon = case when v_until < p_until then m.horizon end;
end
$$;

-- What a worker does: goes on as far as it may, and notes how far it may the
-- next time.  It returns as of when all is counted.  One session does it at a
-- time; another one finds the row locked, and reads only.
create function carrierpay.balance_fold()
returns table (until bigint)
language plpgsql security definer
set search_path = carrierpay, pg_temp
as $$
#variable_conflict use_column
declare
    -- of the transaction: its snapshot is never older
    v_began bigint := (date_part('epoch', now()) * 1000)::bigint;
    v       balance_mark;
begin
    select * into v from balance_mark m where m.one for update skip locked;

    if v.horizon < pg_snapshot_xmin(pg_current_snapshot()) then
        perform balance_until(v.next);
        select * into v from balance_mark m;
    end if;

    -- a number that is not reached yet is of the cluster that a dump is from
    update balance_mark m
       set next = v_began, horizon = pg_current_xact_id()
     where m.one and v.one and v_began > m.until
       and (m.next is null or m.horizon > pg_current_xact_id());

    return query select m.until from balance_mark m;
end
$$;

revoke all on function turnover_kind_name, turnover_parts, balance_count,
    balance_until, balance_fold from public;
grant execute on function balance_fold to carrierpay;

commit;
