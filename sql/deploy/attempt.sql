-- Deploy carrierpay:attempt to pg
-- requires: payment
-- requires: consent

begin;
set local role carrierpay_owner;
set local search_path = carrierpay, pg_temp;

-- Attempts to charge a payment with a page that were declined.  They leave the
-- payment to wait for another line, or another operator, so what it was then
-- stands here; an attempt that succeeds has no row, since the payment tells
-- it.  The operator knows an attempt by the payment's id, and its number
-- behind that from the second one on.
create table attempt (
    payment_id         bigint not null,
    id                 bigint not null,     -- payment.attempt, of then
    at                 bigint not null,     -- when it was declined
    subscriber_id      bigint not null,
    contract_id        int not null,
    number             smallint not null check (number > 0),
    operator           text not null,
    failure_code       text not null,
    operator_reference text,
    primary key (payment_id, number)
) partition by range (payment_id);

create function carrierpay.attempt_refuse() returns trigger
language plpgsql
as $$
begin
    raise exception 'attempts are append-only'
        using errcode = 'restrict_violation';
end
$$;

create trigger attempt_refuse before update or delete or truncate on attempt
    for each statement execute function attempt_refuse();
alter table attempt enable always trigger attempt_refuse;

-- Those of a payment until an instant (or null) as the service reads them: of
-- each the operator, the code and the instant.  It is to be called only for
-- payments that have one.
create function carrierpay.attempt_list(p_payment_id bigint, p_until bigint)
returns text
language plpgsql stable
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
as $$
begin
    return (select string_agg(concat_ws(' ', a.operator, a.failure_code,
                                        a.at), ' ' order by a.number)
              from attempt a
             where a.payment_id = p_payment_id
               and coalesce(a.at <= p_until, true));
end
$$;

-- The id of its last one, and the number of one, or null.
create function carrierpay.attempt_last(p_payment_id bigint) returns bigint
language plpgsql stable
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
as $$
begin
    return (select a.id from attempt a where a.payment_id = p_payment_id
             order by a.number desc limit 1);
end
$$;

create function carrierpay.attempt_number(p_payment_id bigint, p_id bigint)
returns smallint
language plpgsql stable
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
as $$
begin
    return (select a.number from attempt a
             where a.payment_id = p_payment_id and a.id = p_id);
end
$$;

-- The payment as it was in one of its declined attempts.
create function carrierpay.attempt_payment(p carrierpay.payment,
    p_number smallint)
returns carrierpay.payment
language plpgsql stable
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
as $$
begin
    select a.id, a.subscriber_id, a.contract_id, a.operator, c.locale
      into p.attempt, p.subscriber_id, p.contract_id, p.operator, p.language
      from attempt a
      left join lateral (
           select c.locale from consent c where c.id = a.id offset 0) c on true
     where a.payment_id = p.id and a.number = p_number;

    return p;
end
$$;

revoke all on function attempt_list, attempt_last, attempt_number,
    attempt_payment from public;

commit;
