-- Deploy carrierpay:chargeback to pg
-- requires: refund
-- requires: posting

-- What operators take back of payments that have succeeded, since the shopper
-- has disputed the charge or has not paid the bill.  Each chargeback is an
-- operation of its payment, numbered with its refunds, and so is the reversal
-- of one, when the operator gives the money back after all.
--
-- The contract names its bearer.  What the operator bears is recorded, and
-- nothing is posted.  A chargeback that leaves no room for a
-- refund in flight is held: it counts when the refund has failed.
--
-- The row of the payment is locked before these are written, as for refunds.

begin;
set local role carrierpay_owner;
set local search_path = carrierpay, pg_temp;

create table chargeback (
    payment_id   bigint not null,
    reported     bigint not null,
    counted      bigint,            -- since when it counts; null: held
    amount       bigint not null check (amount > 0),
    refunded     bigint,            -- of the payment, when it counted
    charged_back bigint,            -- likewise, with this one
    fee          bigint not null check (fee >= 0),  -- the merchant's, for it
    number       smallint not null check (number > 1),
    reverses     smallint,          -- the chargeback that it takes back
    reason       "char" not null check (reason in ('c', 'n', 'f', 'e')),
    bearer       "char" not null check (bearer in ('m', 'p', 'o')),
    operator     text not null,
    reference    text,              -- the operator's
    day          date,              -- that the operator names
    primary key (payment_id, number),
    constraint chargeback_reversed unique (payment_id, reverses),
    constraint chargeback_reference_check
        check (octet_length(reference) between 1 and 100)
);

-- What an operator has reported is not reported again.
create unique index chargeback_reference on chargeback (operator, reference)
    where reverses is null;

-- The fee of a chargeback is posted once.
create unique index posting_chargeback on posting (reference)
    where kind = 'g';

-- A letter in the table, a word at the edge.
create function carrierpay.chargeback_reason_name(reason "char") returns text
language sql immutable parallel safe
return case reason when 'c' then 'chargeback' when 'n' then 'non_payment'
                   when 'f' then 'fraud' when 'e' then 'error' end;

-- What was recorded does not change; what is held counts once.
create function carrierpay.chargeback_refuse() returns trigger
language plpgsql
as $$
begin
    raise exception 'chargebacks are not rewritten, and not deleted'
        using errcode = 'restrict_violation';
end
$$;

create trigger chargeback_counted after update on chargeback for each row
    when (old.counted is not null)
    execute function chargeback_refuse();
alter table chargeback enable always trigger chargeback_counted;

create trigger chargeback_fixed before update of payment_id, reported, amount,
    fee, number, reverses, reason, bearer, operator, reference, day
    on chargeback for each statement execute function chargeback_refuse();
alter table chargeback enable always trigger chargeback_fixed;

create trigger chargeback_refuse before delete or truncate on chargeback
    for each statement execute function chargeback_refuse();
alter table chargeback enable always trigger chargeback_refuse;

-- What was taken back of a payment, less what was given back of that; with
-- p_held what is held, too.
create function carrierpay.chargeback_sum(p_payment_id bigint, p_held bool)
returns bigint
language sql stable
set search_path = carrierpay, pg_temp
return (select coalesce(sum(case when b.reverses is null then b.amount
                            else -b.amount end), 0)::bigint
          from chargeback b
         where b.payment_id = p_payment_id
           and (p_held or b.counted is not null));

-- The number of the next operation of a payment.
create function carrierpay.operation_next(p_payment_id bigint)
returns smallint
language sql stable
set search_path = carrierpay, pg_temp
return (select 1 + greatest('1', (select max(r.number) from refund r
                                   where r.payment_id = p_payment_id),
                            (select max(b.number) from chargeback b
                              where b.payment_id = p_payment_id)))::smallint;

-- Chargebacks as people read them; a reversal is the state of what it takes
-- back.
create view chargeback_view as
select b.payment_id, b.number, b.reported, b.day, b.operator, b.reference,
       b.amount, p.currency, p.merchant_id,
       chargeback_reason_name(b.reason) as reason,
       bearer_name(b.bearer) as bearer, b.fee,
       case when r.number is not null then 'reversed'
            when b.counted is null then 'held'
            else 'charged_back' end as state,
       r.reported as reversed
  from chargeback b
 cross join lateral (select p.currency, p.merchant_id from payment p
                      where p.id = b.payment_id offset 0) p
  left join chargeback r
    on r.payment_id = b.payment_id and r.reverses = b.number
 where b.reverses is null;

revoke all on function chargeback_sum, operation_next from public;

commit;
