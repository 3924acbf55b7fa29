-- Deploy carrierpay:recon_judge to pg
-- requires: recon
-- requires: payment
-- requires: refund
-- requires: attempt
-- requires: chargeback

-- What a row of an operator's file means that has no posting of ours in the
-- period of the file: the kind of the difference, or null when both sides
-- agree that no money moved; what we have recorded; and the outcome that the
-- ledger is to be told, of what is unknown and of what contradicts it.

begin;
set local role carrierpay_owner;
set local search_path = carrierpay, pg_temp;

create type recon_ours as (
    kind     text,
    state    text,
    amount   bigint,
    currency text,
    at       bigint,        -- when it was posted
    outcome  text
);

-- It was posted in another period.  It is told twice when that period has been
-- compared before, and it was not missing then, or was found since.
create function carrierpay.recon_again(p_operator text, p_class "char",
    p_target bigint, p_attempt smallint, p_at bigint)
returns text
language plpgsql stable
set search_path = carrierpay, pg_temp
as $$
declare
    v_file int := (select f.id from cdr_file f
                    where f.operator = p_operator and f.direction = 'in'
                      and p_at >= f.low and p_at < f.high);
begin
    return case
        when v_file is null or exists (
             select from recon_diff d
              where d.target = p_target and d.class = p_class
                and d.attempt = p_attempt and d.file_id = v_file
                and d.kind = 'only_ours' and d.pair is null) then 'late'
        else 'double' end;
end
$$;

create function carrierpay.recon_charge(p_operator text, t recon_row)
returns recon_ours
language plpgsql stable
set search_path = carrierpay, pg_temp
as $$
declare
    p          payment;
    j          journal;
    v          recon_ours;
    v_operator text;
    v_current  bool;
begin
    select * into p from payment x where x.id = t.id;

    if p.id is null or t.attempt > 1 + coalesce(p.attempts, '0') then
        v.kind := 'only_theirs';
        return v;
    end if;

    v_current := t.attempt > coalesce(p.attempts, '0');
    v_operator := p.operator;
    v.state := state_name(p.state);
    v.currency := p.currency;
    v.amount := coalesce(p.captured, p.amount);

    if not v_current then
        v.state := format('attempt %s failed', t.attempt);
        v.amount := p.amount;
        v_operator := (select a.operator from attempt a
                        where a.payment_id = t.id and a.number = t.attempt);
    end if;

    if v_operator <> p_operator then
        v.kind := 'only_theirs';
        return v;
    end if;

    select * into j from journal x
     where x.payment_id = t.id
       and x.operation = case when v_current then 1 else -t.attempt end;
    v.at := j.at;

    if t.status = 's' then
        v.kind := case
            when (v.amount, v.currency) <> (t.amount, t.currency)
                 and (j.at is not null or p.state = 'r') then 'amount'
            when j.at is not null then
                recon_again(p_operator, 'p', t.id, t.attempt, j.at)
            when v_current and p.state = 'r' and p.hold is null then 'unknown'
            else 'contradicts' end;
        v.outcome := case when j.at is null then 'succeeded' end;

    elsif j.at is not null then
        v.kind := 'contradicts';
        v.outcome := 'failed';

    elsif v_current and p.state = 'r' and coalesce(p.hold = 'r', true) then
        v.kind := 'unknown';
        v.outcome := 'failed';
    end if;

    return v;
end
$$;

create function carrierpay.recon_refund(p_operator text, t recon_row)
returns recon_ours
language plpgsql stable
set search_path = carrierpay, pg_temp
as $$
declare
    r refund;
    j journal;
    v recon_ours;
begin
    select * into r from refund x where x.id = t.id;

    select coalesce(a.operator, p.operator) = p_operator, p.currency
      into v.kind, v.currency
      from payment p
      left join attempt a on a.payment_id = p.id and a.number = r.attempt
     where p.id = r.payment_id;

    if v.kind::bool is not true or r.way = 'm' and r.state = 's' then
        v.kind := 'only_theirs';
        return v;
    end if;

    select * into j from journal x
     where x.payment_id = r.payment_id and x.operation = r.number;

    v.kind := null;
    v.state := 'refund ' || refund_state_name(r.state);
    v.amount := r.amount;
    v.at := j.at;

    if t.status <> 'f' then
        v.kind := case
            when (v.amount, v.currency) <> (t.amount, t.currency)
                 and r.state <> 'f' then 'amount'
            when j.at is not null then
                recon_again(p_operator, 'r', t.id, '0', j.at)
            when r.state <> 'f' then 'unknown'
            else 'contradicts' end;
        v.outcome := case when j.at is null then 'succeeded' end;

    elsif j.at is not null then
        v.kind := 'contradicts';
        v.outcome := 'failed';

    elsif r.state = 'r' then
        v.kind := 'unknown';
        v.outcome := 'failed';
    end if;

    return v;
end
$$;

-- What is held is posted later, or never, when it was reversed before; what
-- the operator bears is not posted at all.
create function carrierpay.recon_chargeback(p_operator text, t recon_row)
returns recon_ours
language plpgsql stable
set search_path = carrierpay, pg_temp
as $$
declare
    b chargeback;
    j journal;
    v recon_ours;
begin
    select * into b from chargeback x
     where x.payment_id = t.id and x.number = t.attempt
       and x.operator = p_operator;

    if b.number is null then
        v.kind := 'only_theirs';
        return v;
    end if;

    select * into j from journal x
     where x.payment_id = b.payment_id and x.operation = b.number;

    v.state := case when b.counted is null then 'chargeback held'
                    when b.reverses is null then 'chargeback'
                    else 'chargeback reversed' end;
    v.amount := b.amount;
    v.currency := (select p.currency from payment p
                    where p.id = b.payment_id);
    v.at := j.at;
    v.kind := case
        when (v.amount, v.currency) <> (t.amount, t.currency) then 'amount'
        when j.at is not null then
            recon_again(p_operator, 'k', t.id, t.attempt, j.at)
        when b.counted is null and b.reverses is null and not exists (
             select from chargeback r
              where r.payment_id = b.payment_id and r.reverses = b.number)
            then 'late' end;

    return v;
end
$$;

create function carrierpay.recon_judge(p_operator text, t recon_row)
returns recon_ours
language plpgsql stable
set search_path = carrierpay, pg_temp
as $$
begin
    return case t.class when 'p' then recon_charge(p_operator, t)
                        when 'r' then recon_refund(p_operator, t)
                        when 'k' then recon_chargeback(p_operator, t) end;
end
$$;

revoke all on function recon_again, recon_charge, recon_refund,
    recon_chargeback, recon_judge from public;

commit;
