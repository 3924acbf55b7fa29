-- Deploy carrierpay:cdr_file to pg
-- requires: journal
-- requires: refund
-- requires: attempt
-- requires: operator
-- requires: basics

-- Files of charging records: those that are written for an operator, and those
-- that it sends.  Each covers a period, by the instants at which we posted;
-- the files of an operator and a direction are numbered without a gap, and
-- their periods do not overlap.

begin;
set local role carrierpay_owner;
set local search_path = carrierpay, pg_temp;

create table cdr_file (
    id          int primary key generated always as identity,
    operator    text not null references operator,
    direction   text not null check (direction in ('in', 'out')),
    seq         int not null check (seq > 0),
    low         bigint not null,    -- the period, without `high`
    high        bigint not null,
    at          bigint not null,
    author      text not null,      -- the person, or the program
    name        text not null,
    rows        bigint not null check (rows >= 0),
    agrees      bigint,             -- of one that came in
    template_id int,                -- of one that went out
    sha256      bytea not null check (length(sha256) = 32),
    constraint cdr_file_period check (high > low),
    constraint cdr_file_seq unique (operator, direction, seq),
    constraint cdr_file_overlaps exclude using gist (
        (operator || ' ' || direction) with =, int8range(low, high) with &&)
);

create unique index cdr_file_once on cdr_file (operator, sha256)
    where direction = 'in';

create function carrierpay.cdr_refuse() returns trigger
language plpgsql
as $$
begin
    raise exception 'records of files are not rewritten, and not deleted'
        using errcode = 'restrict_violation';
end
$$;

-- How many rows agree is written last.
create trigger cdr_file_fixed before update of id, operator, direction, seq,
    low, high, at, author, name, rows, template_id, sha256 on cdr_file
    for each statement execute function cdr_refuse();
alter table cdr_file enable always trigger cdr_file_fixed;

create trigger cdr_file_refuse before delete or truncate on cdr_file
    for each statement execute function cdr_refuse();
alter table cdr_file enable always trigger cdr_file_refuse;

-- Why the time before an instant is still open: what began before may still
-- post into it, for a transaction takes the instant of its postings after its
-- start.  null: it is closed; a statement that comes next sees all that was
-- posted in it, and nothing is added.
--
-- Only sessions whose role may post are waited for, so a dump is not in the
-- way when its role may only read.
create function carrierpay.journal_open(p_until bigint) returns text
language plpgsql
set search_path = carrierpay, pg_temp
as $$
begin
    if p_until > now_ms() then
        return 'it has not ended yet';
    end if;

    perform pg_stat_clear_snapshot();

    return (select format('process %s of %s, which runs since %s, may still'
                          ' post into it', a.pid, a.usename,
                          to_char(a.xact_start at time zone 'UTC',
                                  'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
              from pg_stat_activity a
             where a.datname = current_database()
               and a.backend_type = 'client backend'
               and a.pid <> pg_backend_pid()
               and (extract(epoch from a.xact_start) * 1000 < p_until
                    or a.state = 'disabled')
               and has_function_privilege(a.usesysid,
                       'payment_finish(bigint[], text[], text[], text[],'
                       ' bigint[], bigint[], bigint[])', 'execute')
             order by a.xact_start
             limit 1);
end
$$;

-- What was posted for an operator in a period, as the operator knows it: a
-- charge (class p) by the payment and the number of the attempt, a refund (r)
-- by its own id.  Every other operation of a payment is a chargeback or the
-- reversal of one (k), by the payment and the operation, so no journal is left
-- out.  What people pay back by hand makes the operator owe us less, but its
-- own files do not have it.  The planner puts the function into the statements
-- that use it.
create function carrierpay.cdr_posted(p_operator text, p_low bigint,
    p_high bigint)
returns table (class "char", id bigint, attempt smallint, payment_id bigint,
    operation smallint, amount bigint, currency text, at bigint,
    by_hand bool)
language sql stable
begin atomic
    with posted as materialized (
        select j.payment_id, j.operation, abs(j.amounts[1]) as amount,
               j.currency, j.at
          from journal j
         where j.at >= p_low and j.at < p_high
           and j.contract_id = any (array(select k.id from contract k
                                           where k.operator = p_operator))
    ), tried as materialized (
        select a.payment_id, max(a.number) as number
          from attempt a
         where a.payment_id >= (select min(payment_id) from posted)
           and a.payment_id <= (select max(payment_id) from posted)
         group by 1
    )
    select 'p'::"char", p.payment_id,
           case when p.operation < 0 then -p.operation
                else 1 + coalesce(t.number, '0') end::smallint,
           p.payment_id, p.operation, p.amount, p.currency, p.at, false
      from posted p
      left join tried t on t.payment_id = p.payment_id
     where p.operation <= 1
    union all
    select case when r.id is null then 'k' else 'r' end::"char",
           coalesce(r.id, p.payment_id),
           case when r.id is null then p.operation else 0 end::smallint,
           p.payment_id, p.operation, p.amount, p.currency, p.at,
           coalesce(r.way = 'm', false)
      from posted p
      left join refund r
        on r.payment_id = p.payment_id and r.number = p.operation
     where p.operation > 1;
end;

revoke all on function journal_open, cdr_posted from public;
grant select on cdr_file to carrierpay_recon;

commit;
