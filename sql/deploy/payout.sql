-- Deploy carrierpay:payout to pg
-- requires: posting
-- requires: merchant
-- requires: operator
-- requires: split
-- requires: basics

-- Money of a merchant that goes to a wallet.  The id of a payout, the public
-- "out_...", is the reference that the operator knows it by.
--
-- A payout is queued, and may be canceled until a worker begins to send it;
-- from then on the operator's word ends it, and it is never sent under another
-- reference.  The money leaves the merchant's payable account when the payout
-- is added, and stands on the merchant's payout account meanwhile: so the
-- payable account has what is free, and no settlement remits what is about to
-- be paid out.  A payout that fails or is canceled gives it back.

begin;
set local role carrierpay_owner;
set local search_path = carrierpay, pg_temp;

create table payout (
    id                 bigint primary key,
    merchant_id        int not null references merchant,
    live               bool not null,
    operator           text not null,
    currency           text not null,
    amount             bigint not null
                       check (amount between 1 and split_limit()),
    reference          text not null        -- the merchant's
                       check (octet_length(reference) between 1 and 200),
    msisdn_index       bytea not null check (octet_length(msisdn_index) = 32),
    msisdn             bytea,               -- sealed; null: erased
    state              "char" not null default 'q'
                       check (state in ('q', 'r', 's', 'f', 'c')),
    outcome_unknown    bool not null default false,
    failure_code       text,
    operator_reference text,
    begun              bigint,              -- when it was sent
    ended              bigint,
    held_by            bigint not null unique,  -- its postings, as it was
    ended_by           bigint unique,           -- added, and as it ended

    unique (merchant_id, live, reference),

    -- it speaks its operator's currency, and its mode
    foreign key (operator, currency, live)
        references operator (code, currency, live),

    check ((begun is null) = (state in ('q', 'c'))),
    check ((ended is null) = (state in ('q', 'r'))
           and (ended_by is null) = (ended is null))
) with (fillfactor = 70);

create function carrierpay.payout_state_name(state "char") returns text
language sql immutable parallel safe
return case state when 'q' then 'queued' when 'r' then 'sending'
                  when 's' then 'succeeded' when 'f' then 'failed'
                  when 'c' then 'canceled' end;

-- What a payout is never changes, but for a number that is erased; its state
-- goes on, and its end stays.
create function carrierpay.payout_refuse() returns trigger
language plpgsql
as $$
begin
    raise exception 'payouts are not rewritten, and not deleted'
        using errcode = 'restrict_violation';
end
$$;

create trigger payout_fixed before update of id, merchant_id, live, operator,
    currency, amount, reference, msisdn_index, held_by on payout
    for each statement execute function payout_refuse();
alter table payout enable always trigger payout_fixed;

create trigger payout_state after update on payout for each row
    when ((old.state, new.state) not in (('q', 'q'), ('q', 'r'), ('q', 'c'),
                                         ('r', 'r'), ('r', 's'), ('r', 'f'))
              and (old.state <> new.state
                   or (old.outcome_unknown, old.failure_code,
                       old.operator_reference, old.ended, old.ended_by)
                      is distinct from
                      (new.outcome_unknown, new.failure_code,
                       new.operator_reference, new.ended, new.ended_by))
          or old.begun <> new.begun
          or old.msisdn is distinct from new.msisdn
             and new.msisdn is not null)
    execute function payout_refuse();
alter table payout enable always trigger payout_state;

create trigger payout_refuse before delete or truncate on payout
    for each statement execute function payout_refuse();
alter table payout enable always trigger payout_refuse;

-- When a worker must look at a payout, as payment_due.
create table payout_due (
    payout_id bigint primary key,
    due_at    bigint not null,
    token     bigint,
    attempts  int not null default 0
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
        autovacuum_analyze_scale_factor = 0,
        autovacuum_analyze_threshold = 50000,
        autovacuum_vacuum_insert_threshold = -1,
        autovacuum_vacuum_cost_delay = 0, vacuum_truncate = false);

create index payout_due_at on payout_due (due_at);

-- A payout as the service and the merchant see it.
create view payout_view as
select p.id, p.merchant_id, p.live, p.operator, p.amount, p.currency,
       p.reference, payout_state_name(p.state) as state, p.outcome_unknown,
       p.failure_code, p.ended, p.msisdn
  from payout p;

-- The accounts of a payout: where the merchant's money is, where it stands
-- while the payout is on its way, and the money that the operator keeps for
-- us and pays wallets from.
create function carrierpay.payout_accounts(p_merchant_id int, p_live bool,
    p_operator text, out payable int, out held int, out wallet int)
language plpgsql
set search_path = carrierpay, pg_temp
as $$
begin
    payable := posting_account(p_merchant_id, p_live, 'payable');
    held := posting_account(p_merchant_id, p_live, 'payout');
    wallet := posting_account(0, p_live,
                              'operator:' || p_operator || ':wallet');
end
$$;

-- Posts the end of a payout whose row the caller has locked, and writes it:
-- what has succeeded left the operator's wallet; everything else goes back to
-- the merchant.
create function carrierpay.payout_end(p carrierpay.payout, p_state "char",
    p_code text, p_operator_reference text)
returns void
language plpgsql
set search_path = carrierpay, pg_temp
as $$
declare
    v_account record;
    v_posting bigint;
begin
    select * into v_account
      from payout_accounts(p.merchant_id, p.live, p.operator);

    v_posting := posting_add(
        case p_state when 's' then 'z' else 'v' end::"char", p.merchant_id,
        p.live, p.currency,
        array[v_account.held, case p_state when 's' then v_account.wallet
                              else v_account.payable end],
        array[p.amount, -p.amount], null, null, p.reference);

    delete from payout_due d where d.payout_id = p.id;

    update payout x
       set state = p_state, outcome_unknown = false, failure_code = p_code,
           operator_reference = p_operator_reference, ended_by = v_posting,
           ended = (select o.at from posting o where o.id = v_posting)
     where x.id = p.id;
end
$$;

revoke all on function payout_accounts, payout_end from public;

commit;
