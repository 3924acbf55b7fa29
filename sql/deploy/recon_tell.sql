-- Deploy carrierpay:recon_tell to pg
-- requires: recon
-- requires: payment_finish
-- requires: refund_finish
-- requires: incident

-- Tells the ledger the outcomes that a file of an operator has said: of
-- payments and refunds whose outcome was unknown, and those that contradict
-- what is recorded.  They go the way of all outcomes, so the journal, the
-- limits and what is owed to the merchant follow, and a contradiction becomes
-- an incident.
--
-- A call tells some, and returns how many; 0 when none is left.  What another
-- session holds is told by the next call.

begin;
set local role carrierpay_owner;
set local search_path = carrierpay, pg_temp;

-- What the ledger has said of one.
create function carrierpay.recon_told(p_diff bigint, p_result text,
    p_author text)
returns void
language plpgsql
set search_path = carrierpay, pg_temp
as $$
declare
    d recon_diff;
begin
    update recon_diff x
       set result = p_result,
           state = case when x.kind = 'unknown' and x.state = 'open'
                             and p_result in ('applied', 'already') then
                       'settled' else x.state end
     where x.id = p_diff
    returning * into d;

    insert into recon_note (diff_id, author, state, owner, why)
    values (p_diff, p_author, d.state, d.owner, case p_result
            when 'applied' then 'recorded as ' || d.outcome
            when 'conflict' then 'contradicts what is recorded: an incident'
            else 'recorded before' end);

    -- it was found out
    update incident i set resolved_at = now_ms(), owner = p_author
      from (select v.payment_id, r.number
              from recon_view v
              left join refund r on v.class = 'r' and r.id = v.target
             where v.id = p_diff) v
     where p_result = 'applied' and i.payment_id = v.payment_id
       and i.resolved_at is null
       and case when v.number is null then i.kind = 'outcome_unknown'
           else i.kind = 'refund_unknown'
                and i.said = 'refund ' || v.number || ' unknown' end;
end
$$;

create function carrierpay.recon_tell_charges(p_diff bigint[], p_author text)
returns int
language plpgsql
set search_path = carrierpay, pg_temp
as $$
declare
    v      record;
    v_said record;
    v_told int := 0;
begin
    select array_agg(d.id) as diff, array_agg(d.target) as payment,
           array_agg(d.outcome) as outcome,
           array_agg(case d.outcome when 'failed' then 'generic_decline' end)
               as code,
           array_agg(d.reference) as reference,
           array_agg(coalesce(a.id, p.attempt)) as attempt,
           array_agg(null::bigint) as none
      into v
      from (select d.* from recon_diff d
             where d.id = any (p_diff) and d.class = 'p'
             order by d.id) d
     cross join lateral (select p.attempt from payment p
                          where p.id = d.target offset 0) p
      left join lateral (select a.id from attempt a
                          where a.payment_id = d.target
                            and a.number = d.attempt offset 0) a on true;

    for v_said in
        select f.ord, f.result
          from payment_finish(v.payment, v.outcome, v.code, v.reference,
                              v.none, v.none, v.attempt) f
         where v.diff is not null and f.result <> 'busy'
    loop
        perform recon_told(v.diff[v_said.ord], v_said.result, p_author);
        v_told := v_told + 1;
    end loop;

    return v_told;
end
$$;

create function carrierpay.recon_tell_refunds(p_diff bigint[], p_author text)
returns int
language plpgsql
set search_path = carrierpay, pg_temp
as $$
declare
    v      record;
    v_told int := 0;
begin
    for v in
        select d.id, d.target, d.outcome, d.reference, r.payment_id
          from recon_diff d
          join refund r on r.id = d.target
         where d.id = any (p_diff) and d.class = 'r'
         order by d.id
    loop
        perform from payment p where p.id = v.payment_id
            for no key update skip locked;
        continue when not found;

        perform recon_told(v.id, (
            select f.result
              from refund_finish(v.target, v.outcome, case v.outcome
                       when 'failed' then 'generic_decline' end, v.reference,
                       null, null) f), p_author);
        v_told := v_told + 1;
    end loop;

    return v_told;
end
$$;

create function carrierpay.recon_tell(p_file_id int, p_limit int,
    p_author text, out told int, out untold int)
language plpgsql security definer
set search_path = carrierpay, pg_temp
as $$
declare
    v_diff bigint[] := array(
        select d.id from recon_diff d
         where d.file_id = p_file_id and d.outcome is not null
           and d.result is null
         order by d.id limit p_limit for update skip locked);
begin
    told := recon_tell_charges(v_diff, p_author)
            + recon_tell_refunds(v_diff, p_author);
    untold := (select count(*) from recon_diff d
                where d.file_id = p_file_id and d.outcome is not null
                  and d.result is null);
end
$$;

-- A person takes a difference over, or says what it was.
create function carrierpay.recon_change(p_diff bigint, p_state text,
    p_owner text, p_author text, p_why text)
returns bool
language plpgsql security definer
set search_path = carrierpay, pg_temp
as $$
begin
    with changed as (
        update recon_diff d
           set state = coalesce(p_state, d.state),
               owner = coalesce(p_owner, d.owner)
         where d.id = p_diff
        returning d.id, d.state, d.owner
    )
    insert into recon_note (diff_id, author, state, owner, why)
    select id, p_author, state, owner, p_why from changed;

    return found;
end
$$;

revoke all on function recon_told, recon_tell_charges, recon_tell_refunds,
    recon_tell, recon_change from public;
grant execute on function recon_tell, recon_change to carrierpay_recon;

commit;
