-- Deploy carrierpay:recon to pg
-- requires: cdr_file
-- requires: operator
-- requires: currency

-- Reconciliation: the ledger beside what operators say in their files that
-- they have charged, paid back and taken back.  Only what differs is kept.

begin;
set local role carrierpay_owner;
set local search_path = carrierpay, pg_temp;

-- A word has one meaning.
create function carrierpay.recon_words_once(words text[]) returns bool
language sql immutable
set search_path = carrierpay, pg_temp
return (select count(*) = count(distinct w) from unnest(words) w);

-- How an operator's files are read: the names of their columns, and how these
-- are written.  carrierpay-admin reads them by this.  Without a word for what
-- it takes back, an operator reports chargebacks elsewhere, and they are not
-- missing in its files.
create table recon_mapping (
    operator         text primary key references operator,
    owner            text not null check (owner <> ''), -- of what differs
    reference_column text not null check (reference_column <> ''),
    theirs           bool not null,     -- it has the operator's references
    amount_column    text not null check (amount_column <> ''),
    status_column    text not null check (status_column <> ''),
    currency_column  text,              -- null: the operator's own
    date_column      text,              -- null: dates are not looked at
    separator        text not null
                     check (separator ~ E'^[\t -~]$' and separator <> '"'),
    decimal_sign     text check (decimal_sign in ('.', ',')),
                                        -- null: amounts are in minor units
    date_format      text not null,
    time_zone        text not null,
    succeeded        text[] not null,   -- the words of each status
    failed           text[] not null,
    refunded         text[] not null,
    charged_back     text[] not null default '{}',
    chargeback_reversed text[] not null default '{}',
    constraint recon_mapping_words check (
        cardinality(succeeded) > 0
        and recon_words_once(succeeded || failed || refunded || charged_back
                             || chargeback_reversed))
);

-- The rows of the file that is being loaded: copied here, compared, and
-- forgotten.  One file at a time, see recon_begin.  A row names a charge
-- (class p: payment and number of the attempt), a refund (r), or a chargeback
-- or the reversal of one (k: payment and number of the operation, if it names
-- that); without an id its reference is none of ours.
create unlogged table recon_row (
    line      int not null,
    class     "char",
    status    "char" not null
              check (status in ('s', 'f', 'r', 'k', 'v')),
    attempt   smallint,
    id        bigint,
    amount    bigint not null,
    at        bigint,
    currency  text not null,
    reference text
) with (autovacuum_enabled = off);

create table recon_diff (
    id              bigint primary key generated always as identity,
    file_id         int not null references cdr_file,
    line            int,                -- null: only we have it
    kind            text not null check (kind in (
                        'amount', 'only_ours', 'only_theirs', 'late', 'double',
                        'unknown', 'contradicts')),
    class           "char",
    target          bigint,             -- the payment's or the refund's id
    attempt         smallint,
    reference       text,               -- the operator's
    ours_state      text,
    ours_amount     bigint,
    ours_currency   text,
    ours_at         bigint,             -- when it was posted
    theirs_status   "char",
    theirs_amount   bigint,
    theirs_currency text,
    theirs_at       bigint,
    pair            bigint,             -- the same operation, in another file
    outcome         text,               -- what is told to the ledger
    result          text,               -- and what that says; null: not yet
    state           text not null default 'open' check (state in (
                        'open', 'explained', 'settled', 'written_off')),
    owner           text not null check (owner <> '')
);

create index recon_diff_file on recon_diff (file_id, id);
create index recon_diff_open on recon_diff (id) where state = 'open';
create index recon_diff_target on recon_diff (target, class);
create index recon_diff_untold on recon_diff (file_id, id)
    where outcome is not null and result is null;

-- The history of a difference: what each author did with it, when, and why.
create table recon_note (
    diff_id bigint not null references recon_diff,
    at      bigint not null default now_ms(),
    author  text not null check (author <> ''),
    state   text not null,              -- from then on, and so is the owner
    owner   text not null,
    why     text not null check (why <> '')
);

create index recon_note_diff on recon_note (diff_id, at);

create function carrierpay.recon_refuse() returns trigger
language plpgsql
as $$
begin
    raise exception 'what a file has said is not rewritten, and not deleted'
        using errcode = 'restrict_violation';
end
$$;

create trigger recon_diff_fixed before update of id, file_id, line, class,
    target, attempt, reference, ours_state, ours_amount, ours_currency,
    ours_at, theirs_status, theirs_amount, theirs_currency, theirs_at,
    outcome on recon_diff
    for each statement execute function recon_refuse();
alter table recon_diff enable always trigger recon_diff_fixed;

create trigger recon_diff_refuse before delete or truncate on recon_diff
    for each statement execute function recon_refuse();
alter table recon_diff enable always trigger recon_diff_refuse;

create trigger recon_note_refuse before update or delete or truncate
    on recon_note for each statement execute function recon_refuse();
alter table recon_note enable always trigger recon_note_refuse;

-- A difference as people read it.
create view recon_view as
select d.id, f.operator, f.seq as file, d.line, d.kind, d.class, d.target,
       coalesce(r.payment_id, case when d.class <> 'r' then d.target end)
           as payment_id,
       d.attempt, d.reference, d.ours_state, d.ours_amount, d.ours_currency,
       d.ours_at,
       case d.theirs_status when 's' then 'succeeded' when 'f' then 'failed'
                            when 'r' then 'refunded'
                            when 'k' then 'charged_back'
                            when 'v' then 'chargeback_reversed' end
           as theirs_status,
       d.theirs_amount, d.theirs_currency, d.theirs_at, d.outcome, d.result,
       d.state, d.owner, d.pair
  from recon_diff d
  join cdr_file f on f.id = d.file_id
  left join refund r on d.class = 'r' and r.id = d.target;

-- What it takes to read a file.
create view recon_form as
select m.*, o.currency
  from recon_mapping m
  join operator o on o.code = m.operator;

create view recon_currency as
select code, exponent from currency;

grant insert, select on recon_row to carrierpay_recon;
grant select on recon_form, recon_currency, recon_view, recon_note
    to carrierpay_recon;

commit;
