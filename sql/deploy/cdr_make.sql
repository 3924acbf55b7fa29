-- Deploy carrierpay:cdr_make to pg
-- requires: cdr_file
-- requires: payment
-- requires: chargeback
-- requires: currency
-- requires: category

-- Charging records for an operator: an hour or a day of what was posted, in
-- the form that its template says.  carrierpay-admin writes the files; here is
-- which one is next, its rows, in an order that is always the same, and what
-- is kept of it, so that it can be made again to the byte.

begin;
set local role carrierpay_owner;
set local search_path = carrierpay, pg_temp;

-- The newest template of an operator is in force from its next file on; files
-- that were made keep theirs.
create table cdr_template (
    id           int primary key generated always as identity,
    operator     text not null references operator,
    added        bigint not null default now_ms(),
    every        text not null check (every in ('hour', 'day')),
    columns      text[] not null,
    names        text[] not null,       -- of the columns, in the header
    header       bool not null,
    separator    text not null
                 check (separator ~ E'^[\t -~]$' and separator <> '"'),
    decimal_sign text check (decimal_sign in ('.', ',')),
                                        -- null: amounts are in minor units
    date_format  text not null,
    time_zone    text not null,
    constraint cdr_template_columns check (
        cardinality(columns) between 1 and 50
        and cardinality(columns) = cardinality(names)
        and columns <@ '{row, reference, payment, operator_reference, kind,
                         posted, created, amount, currency, merchant,
                         category}')
);

create trigger cdr_template_refuse before update or delete or truncate
    on cdr_template for each statement execute function cdr_refuse();
alter table cdr_template enable always trigger cdr_template_refuse;

alter table cdr_file add foreign key (template_id) references cdr_template;

-- Four bytes of each row's digest, some thousand rows together: they tell
-- which row of a file is not what it was.
create table cdr_digest (
    file_id int not null references cdr_file,
    part    int not null,
    digest  bytea not null,
    primary key (file_id, part)
);

create trigger cdr_digest_refuse before update or delete or truncate
    on cdr_digest for each statement execute function cdr_refuse();
alter table cdr_digest enable always trigger cdr_digest_refuse;

-- The file that comes next: from the end of the last one, or from p_start when
-- it is the first, to the end of the hour, or of the day in the operator's
-- time zone; and why its period is open still, or null.  Until the caller's
-- transaction ends no other session makes one for this operator.
create function carrierpay.cdr_next(p_operator text, p_start bigint)
returns table (template_id int, seq int, low bigint, high bigint, open text)
language plpgsql security definer
set search_path = carrierpay, pg_temp
as $$
#variable_conflict use_column
declare
    t      cdr_template;
    v_seq  int;
    v_low  bigint;
    v_high bigint;
begin
    perform pg_advisory_xact_lock(1885434486, hashtext(p_operator));

    select * into strict t from cdr_template x
     where x.operator = p_operator order by x.id desc limit 1;

    select f.seq, f.high into v_seq, v_low from cdr_file f
     where f.operator = p_operator and f.direction = 'out'
     order by f.seq desc limit 1;

    v_low := coalesce(v_low, p_start);

    v_high := case t.every
        when 'hour' then (v_low / 3600000 + 1) * 3600000
        else extract(epoch from (date_trunc('day', to_timestamp(v_low / 1000.0)
                                                   at time zone t.time_zone)
                                 + interval '1 day') at time zone t.time_zone)
             * 1000 end;

    return query
    select t.id, coalesce(v_seq, 0) + 1, v_low, v_high, journal_open(v_high);
end
$$;

-- The rows of a period.  Instants are digits from the year to the second.
create function carrierpay.cdr_rows(p_template_id int, p_low bigint,
    p_high bigint)
returns table (class "char", id bigint, attempt smallint, payment_id bigint,
    operator_reference text, kind text, posted text, created text,
    amount bigint, exponent smallint, currency text, merchant_id int,
    category text)
language plpgsql security definer
set search_path = carrierpay, pg_temp
set plan_cache_mode = force_custom_plan
set work_mem = '64MB'
set jit = off
as $$
#variable_conflict use_column
declare
    c_digits constant text := 'YYYYMMDDHH24MISS';
    t        cdr_template;
begin
    select * into strict t from cdr_template x where x.id = p_template_id;

    return query
    select o.class, o.id, o.attempt, o.payment_id,
           case when o.class = 'r' then r.operator_reference
                when o.class = 'k' then b.reference
                when o.operation < 0 then a.operator_reference
                else p.operator_reference end,
           case when o.class = 'p' then 'charge'
                when o.class = 'r' then 'refund'
                when b.reverses is null then 'chargeback'
                else 'chargeback_reversed' end,
           to_char(to_timestamp(o.at / 1000) at time zone t.time_zone,
                   c_digits),
           to_char(to_timestamp(id_time(o.payment_id) / 1000)
                   at time zone t.time_zone, c_digits),
           o.amount, c.exponent, o.currency, p.merchant_id,
           category_name(p.category)
      from cdr_posted(t.operator, p_low, p_high) o
      join currency c on c.code = o.currency
     cross join lateral (
           select p.operator_reference, p.merchant_id, p.category
             from payment p where p.id = o.payment_id offset 0) p
      left join lateral (
           select a.operator_reference from attempt a
            where o.operation < 0 and a.payment_id = o.payment_id
              and a.number = o.attempt offset 0) a on true
      left join lateral (
           select r.operator_reference from refund r
            where o.class = 'r' and r.id = o.id offset 0) r on true
      left join lateral (
           select b.reference, b.reverses from chargeback b
            where o.class = 'k' and b.payment_id = o.payment_id
              and b.number = o.operation offset 0) b on true
     order by o.at, o.payment_id, o.operation;
end
$$;

-- A file was written, that which cdr_next has named in this transaction.
create function carrierpay.cdr_add(p_operator text, p_template_id int,
    p_seq int, p_low bigint, p_high bigint, p_author text, p_name text,
    p_rows bigint, p_sha256 bytea, p_digests bytea[])
returns void
language plpgsql security definer
set search_path = carrierpay, pg_temp
as $$
declare
    v_file int;
begin
    if not exists (select from cdr_next(p_operator, p_low) n
                    where (n.template_id, n.seq, n.low, n.high)
                          = (p_template_id, p_seq, p_low, p_high)
                      and n.open is null) then
        raise exception 'file % is not the next one', p_seq
            using errcode = 'object_not_in_prerequisite_state';
    end if;

    insert into cdr_file (operator, direction, seq, low, high, at, author,
                          name, rows, template_id, sha256)
    values (p_operator, 'out', p_seq, p_low, p_high, now_ms(), p_author,
            p_name, p_rows, p_template_id, p_sha256)
    returning id into v_file;

    insert into cdr_digest (file_id, part, digest)
    select v_file, i, p_digests[i] from generate_subscripts(p_digests, 1) i;
end
$$;

revoke all on function cdr_next, cdr_rows, cdr_add from public;
grant select on cdr_template, cdr_digest to carrierpay_recon;
grant execute on function cdr_next, cdr_rows, cdr_add to carrierpay_recon;

commit;
