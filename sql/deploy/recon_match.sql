-- Deploy carrierpay:recon_match to pg
-- requires: recon_judge
-- requires: recon
-- requires: cdr_file
-- requires: chargeback

-- Compares a file of an operator, whose rows have been copied to recon_row,
-- with what was posted in its period.
--
-- It reads, and writes differences only: no row of a payment is locked, and
-- the ledger is told afterwards what became of payments, see recon_tell.

begin;
set local role carrierpay_owner;
set local search_path = carrierpay, pg_temp;

-- Empties recon_row for a file.  The session that has called it has the table
-- to itself until it ends.
create function carrierpay.recon_begin() returns void
language plpgsql security definer
set search_path = carrierpay, pg_temp
as $$
begin
    if not pg_try_advisory_lock(1885434485) then
        raise exception 'another file is being loaded'
            using errcode = 'lock_not_available';
    end if;

    truncate recon_row;
end
$$;

-- Finds what the operator's references name: charges, declined attempts and
-- refunds of the time before the period, and what was posted in it.  What was
-- taken back may be named by the charge.
create function carrierpay.recon_translate(p_operator text, p_low bigint,
    p_high bigint)
returns void
language plpgsql
set search_path = carrierpay, pg_temp
set plan_cache_mode = force_custom_plan
set work_mem = '64MB'
set jit = off
as $$
declare
    -- held for 7 days, unknown for 3
    c_before constant bigint := 11 * 86400000;
    v_low    bigint := id_first(p_low - c_before);
    v_high   bigint := id_first(p_high);
    v_older  bigint[] := array(
        select j.payment_id from journal j
         where j.at >= p_low and j.at < p_high and j.payment_id < v_low
         union
        select b.payment_id from chargeback b
         where b.operator = p_operator and b.reported >= p_low - c_before
           and b.payment_id < v_low);
begin
    update recon_row t
       set class = case when t.status in ('k', 'v') then 'k' else o.class end,
           id = o.id,
           attempt = case when t.status not in ('k', 'v') then o.attempt end
      from (select 'p'::"char" as class, p.id,
                   1 + coalesce(p.attempts, '0') as attempt,
                   p.operator_reference as reference
              from payment p
             where p.id between v_low and v_high and p.operator = p_operator
            union all
            select 'p', p.id, 1 + coalesce(p.attempts, '0'),
                   p.operator_reference
              from payment p
             where p.id = any (v_older) and p.operator = p_operator
            union all
            select 'p', a.payment_id, a.number, a.operator_reference
              from attempt a
             where a.payment_id between v_low and v_high
               and a.operator = p_operator
            union all
            select 'r', r.id, 0, r.operator_reference
              from refund r
              join refund_view v on v.id = r.id and v.operator = p_operator
             where r.ended >= p_low - c_before) o
     where o.reference = t.reference
       and (o.class = 'r') = (t.status = 'r');
end
$$;

-- Finds the operations of what was taken back and given back: by the
-- operator's reference of the chargeback; by the number, for a reversal its
-- own or that of what it reverses; or of all of the payment by the amount, and
-- the period.
create function carrierpay.recon_chargebacks(p_operator text, p_low bigint,
    p_high bigint)
returns void
language plpgsql
set search_path = carrierpay, pg_temp
set plan_cache_mode = force_custom_plan
as $$
begin
    update recon_row t
       set class = 'k', id = b.payment_id,
           attempt = coalesce(b.reverses, b.number)
      from chargeback b
     where t.class is null and t.status in ('k', 'v')
       and b.operator = p_operator and b.reference = t.reference;

    update recon_row t
       set attempt = (
           select b.number from chargeback b
            where b.payment_id = t.id
              and (b.reverses is null) = (t.status = 'k')
              and (t.attempt is null or t.attempt in (b.number, b.reverses))
            order by (b.amount = t.amount) desc,
                     (b.counted >= p_low and b.counted < p_high) is true desc,
                     b.number
            limit 1)
     where t.class = 'k';
end
$$;

-- An operation that is missing in the file of its period, and was found in
-- another one, is explained.  What came late, before its own period was
-- compared, and was not missing there, was told twice.  What was not posted
-- yet when its file came is paired with the posting that came later.
create function carrierpay.recon_pair(p_file cdr_file) returns void
language plpgsql
set search_path = carrierpay, pg_temp
as $$
begin
    with pair as materialized (
        select distinct on (o.id) o.id as ours, l.id as late,
               format('in file %s, line %s', f.seq, l.line) as found,
               format('posted in the period of file %s', g.seq) as missing
          from recon_diff d
          join recon_diff o
            on o.target = d.target and o.class = d.class
           and o.attempt = d.attempt and o.kind = 'only_ours'
           and o.pair is null
          join recon_diff l
            on l.target = d.target and l.class = d.class
           and l.attempt = d.attempt and l.kind in ('late', 'amount')
           and coalesce(l.ours_at, o.ours_at) = o.ours_at
           and l.file_id <> o.file_id
           and l.pair is null
          join cdr_file f on f.id = l.file_id
          join cdr_file g on g.id = o.file_id
         where d.file_id = p_file.id
           and d.kind in ('only_ours', 'late', 'amount')
         order by o.id, l.id
    ), paired as (
        update recon_diff d
           set pair = case d.id when p.ours then p.late else p.ours end,
               state = case when d.state = 'open' and d.kind <> 'amount' then
                           'explained' else d.state end
          from pair p
         where d.id in (p.ours, p.late)
        returning d.id, d.state, d.owner,
                  case d.id when p.ours then p.found else p.missing end as why
    )
    insert into recon_note (diff_id, author, state, owner, why)
    select id, p_file.author, state, owner, why from paired;

    with twice as (
        update recon_diff d set kind = 'double'
         where d.kind = 'late' and d.pair is null
           and d.ours_at >= p_file.low and d.ours_at < p_file.high
           and exists (select from cdr_file f
                        where f.id = d.file_id
                          and f.operator = p_file.operator)
        returning d.id, d.state, d.owner
    )
    insert into recon_note (diff_id, author, state, owner, why)
    select id, p_file.author, state, owner,
           format('file %s has it, too', p_file.seq)
      from twice;
end
$$;

-- One hash full join of what both sides have.  What a file has twice is
-- compared once, and comes out of the join on its own.  What is left, but for
-- the failures that both sides know, are the differences.
create function carrierpay.recon_compare(p_file cdr_file, m recon_mapping)
returns void
language plpgsql
set search_path = carrierpay, pg_temp
set plan_cache_mode = force_custom_plan
set enable_mergejoin = off
set work_mem = '64MB'
set jit = off
as $$
begin
    insert into recon_diff (file_id, line, kind, class, target, attempt,
        reference, ours_state, ours_amount, ours_currency, ours_at,
        theirs_status, theirs_amount, theirs_currency, theirs_at, outcome,
        owner)
    with theirs as (
        select t.*, case row_number() over (
                        partition by t.id, t.attempt, t.class, t.status
                        order by t.line) when 1 then t.id end as once
          from recon_row t
    ), rest as materialized (
        select o.class as ours, o.amount as ours_amount,
               o.currency as ours_currency, o.at as ours_at,
               coalesce(o.class, t.class) as class,
               coalesce(o.id, t.id) as id,
               coalesce(o.attempt, t.attempt) as attempt,
               t.once, t.line, t.status, t.amount, t.at, t.currency,
               t.reference
          from (select *
                  from cdr_posted(p_file.operator, p_file.low, p_file.high) x
                 where not x.by_hand
                   and (x.class <> 'k' or m.charged_back <> '{}')) o
          full join theirs t
            on t.once = o.id and t.attempt = o.attempt and t.class = o.class
         where (t.status <> 'f' and t.amount = o.amount
                and t.currency = o.currency) is not true
    ), judged as (
        select r.*, j.*
          from rest r
         cross join lateral (
               select case when r.status is null then 'only_ours'
                           when r.status = 'f' then 'contradicts'
                           else 'amount' end as kind,
                      'posted' as state, r.ours_amount as was,
                      r.ours_currency as was_currency, r.ours_at as was_at,
                      case when r.status = 'f' then 'failed' end as outcome
                where r.ours is not null
               union all
               select 'only_theirs', null, null, null, null, null
                where r.ours is null and r.id is null
               union all
               select 'double', null, null, null, null, null
                where r.ours is null and r.id is not null and r.once is null
               union all
               select *
                 from recon_judge(p_file.operator, row(r.line, r.class,
                          r.status, r.attempt, r.id, r.amount, r.at,
                          r.currency, r.reference)::recon_row)
                where r.ours is null and r.once is not null) j
    )
    select p_file.id, line, kind, class, id, attempt, reference, state, was,
           was_currency, was_at, status, amount, currency, at, outcome, m.owner
      from judged j
     where kind is not null
     order by j.line nulls last, j.id;
end
$$;

-- Records the file, with what differs, and returns its id.
create function carrierpay.recon_match(p_operator text, p_name text,
    p_sha256 bytea, p_low bigint, p_high bigint, p_author text)
returns int
language plpgsql security definer
set search_path = carrierpay, pg_temp
as $$
declare
    v_open text := journal_open(p_high);
    v_file cdr_file;
    m      recon_mapping;
begin
    select * into strict m from recon_mapping x where x.operator = p_operator;

    if v_open is not null then
        raise exception 'the period of the file is open: %', v_open
            using errcode = 'object_not_in_prerequisite_state';
    end if;

    analyze recon_row;

    if m.theirs then
        perform recon_translate(p_operator, p_low, p_high);
    end if;

    perform recon_chargebacks(p_operator, p_low, p_high);

    insert into cdr_file (operator, direction, seq, low, high, at, author,
                          name, rows, sha256)
    select p_operator, 'in', 1 + coalesce(max(f.seq), 0), p_low, p_high,
           now_ms(), p_author, p_name, (select count(*) from recon_row),
           p_sha256
      from cdr_file f
     where f.operator = p_operator and f.direction = 'in'
    returning * into v_file;

    perform recon_compare(v_file, m);

    update cdr_file f
       set agrees = v_file.rows - (select count(*) from recon_diff d
                                    where d.file_id = v_file.id
                                      and d.line is not null)
     where f.id = v_file.id;

    perform recon_pair(v_file);

    return v_file.id;
end
$$;

revoke all on function recon_begin, recon_translate, recon_chargebacks,
    recon_pair, recon_compare, recon_match from public;
grant execute on function recon_begin, recon_match to carrierpay_recon;

commit;
