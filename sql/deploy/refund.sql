-- Deploy carrierpay:refund to pg
-- requires: payment
-- requires: contract
-- requires: attempt
-- requires: event
-- requires: basics

-- Money that goes back to the payer of a payment that has succeeded, wholly or
-- in parts.  Each refund is an operation of its payment, numbered as the
-- journal numbers them (the charge is 1), and its id, the public "ref_...", is
-- the reference that the operator knows it by.
--
-- A reversal is a refund that the merchant has not asked for: that of a charge
-- which its operator made after the payment, or an attempt at it, had ended
-- without one.
--
-- The row of the payment is locked before those of its refunds, and a function
-- that writes one of these holds that lock: so sums over them are exact.

begin;
set local role carrierpay_owner;
set local search_path = carrierpay, pg_temp;

create table refund (
    payment_id         bigint not null,
    id                 bigint not null unique,
    amount             bigint not null check (amount > 0),
    total              bigint,      -- paid back of the payment, at its end
    charged_back       bigint,      -- of the payment, likewise
    ended              bigint,
    number             smallint not null check (number > 1),
    attempt            smallint,    -- a reversal's: of this declined attempt
    kind               "char" not null check (kind in ('r', 'b')),
    way                "char" not null check (way in ('o', 'w', 'm')),
    state              "char" not null check (state in ('q', 'r', 's', 'f')),
    outcome_unknown    bool not null default false,
    reason             text,        -- the merchant's
    failure_code       text,
    operator_reference text,
    primary key (payment_id, number)
) with (fillfactor = 70);

-- A letter a state, a kind and a way; words at the edge.
create function carrierpay.refund_state_name(state "char") returns text
language sql immutable parallel safe
return case state when 'q' then 'pending'       -- people have to do it
                  when 'r' then 'processing' when 's' then 'succeeded'
                  when 'f' then 'failed' end;

create function carrierpay.refund_kind_name(kind "char") returns text
language sql immutable parallel safe
return case kind when 'r' then 'refund' when 'b' then 'reversal' end;

create function carrierpay.refund_way_name(way "char") returns text
language sql immutable parallel safe
return case way when 'o' then 'operator'        -- back by the same way
                when 'w' then 'wallet'          -- as a payout
                when 'm' then 'manual' end;

-- What a refund is never changes, and neither does its end.
create function carrierpay.refund_refuse() returns trigger
language plpgsql
as $$
begin
    raise exception 'refunds are not rewritten, and not deleted'
        using errcode = 'restrict_violation';
end
$$;

create trigger refund_terminal after update on refund for each row
    when (old.state in ('s', 'f'))
    execute function refund_refuse();
alter table refund enable always trigger refund_terminal;

create trigger refund_fixed before update of payment_id, id, amount, number,
    attempt, kind, way, reason on refund
    for each statement execute function refund_refuse();
alter table refund enable always trigger refund_fixed;

create trigger refund_refuse before delete or truncate on refund
    for each statement execute function refund_refuse();
alter table refund enable always trigger refund_refuse;

-- When a worker must look at a refund, as payment_due, and since when: the id
-- of a reversal does not tell.
create table refund_due (
    refund_id bigint primary key,
    since     bigint not null default now_ms(),
    due_at    bigint not null,
    token     bigint,
    attempts  int not null default 0
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
        autovacuum_analyze_scale_factor = 0,
        autovacuum_analyze_threshold = 50000,
        autovacuum_vacuum_insert_threshold = -1,
        autovacuum_vacuum_cost_delay = 0, vacuum_truncate = false);

create index refund_due_at on refund_due (due_at);

-- What is paid back of a payment, or will be: what failed is not, and neither
-- is a charge that was none of it.
create function carrierpay.refund_sum(p_payment_id bigint) returns bigint
language sql stable
set search_path = carrierpay, pg_temp
return (select coalesce(sum(r.amount), 0)::bigint from refund r
         where r.payment_id = p_payment_id and r.kind = 'r'
           and r.state <> 'f');

-- A refund as the service reads it, with the number of the attempt that has
-- made the charge which it gives back.
create view refund_view as
select r.id, r.payment_id, r.number::int as number, p.merchant_id, p.live,
       r.amount, p.currency, refund_kind_name(r.kind) as kind,
       refund_way_name(r.way) as way, refund_state_name(r.state) as state,
       r.outcome_unknown, r.reason, r.failure_code, r.ended,
       coalesce(a.operator, p.operator) as operator, s.msisdn, p.description,
       coalesce(r.attempt, p.attempts + 1, 1) as attempt
  from refund r
 cross join lateral (select * from payment p
                      where p.id = r.payment_id offset 0) p
  left join lateral (select * from attempt a
                      where a.payment_id = r.payment_id
                        and a.number = r.attempt offset 0) a on true
  left join lateral (select s.msisdn from subscriber s
                      where s.id = coalesce(a.subscriber_id, p.subscriber_id)
                     offset 0) s on true;

commit;
