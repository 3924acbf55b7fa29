-- Deploy carrierpay:block to pg
-- requires: merchant
-- requires: spend
-- requires: allowance
-- requires: basics

-- The numbers that their holder has barred from paying, either every merchant
-- or one of them.  A block is of the number, not of a subscriber: it may be
-- there before the first payment, and outlives an erasure.  One that was made
-- in live mode holds in test mode as well; one that was made in test mode,
-- where a developer pays with any number, holds there alone.
--
-- A block is written under the lock of the line, in each mode where it holds,
-- and the row of the line says that there is one: a payment that has looked
-- before has begun by then, and every later one sees it.  So is its end, with
-- which ends, too, what merchants were allowed to charge without a page.

begin;
set local role carrierpay_owner;
set local search_path = carrierpay, pg_temp;

create table block (
    msisdn_index bytea not null check (octet_length(msisdn_index) = 32),
    merchant_id  int references merchant,       -- null: every merchant
    live         bool not null,
    at           bigint not null,
    source       text not null check (source <> ''),    -- where it was said
    unique nulls not distinct (msisdn_index, merchant_id, live)
);

-- Both take a number's index in hex and return false when nothing had to be
-- changed.  They are for the roles that may write the tables, such as the
-- administrator's, and not for the service.
create function carrierpay.block_add(p_index text, p_merchant_id int,
    p_source text, p_live bool default true)
returns bool
language plpgsql
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
as $$
declare
    v_index bytea := decode(p_index, 'hex');
begin
    perform spend_hold(case when p_live then array[1, 2] else array[1] end,
                       array[v_index, v_index], '{f,t}', true);

    update spend s set blocked = true
     where s.msisdn_index = v_index and s.merchant_id = 0
       and (p_live or not s.live) and not s.blocked;

    insert into block (msisdn_index, merchant_id, live, at, source)
    values (v_index, p_merchant_id, p_live, now_ms(), p_source)
    on conflict (msisdn_index, merchant_id, live) do nothing;

    return found;
end
$$;

create function carrierpay.block_remove(p_index text, p_merchant_id int)
returns bool
language plpgsql
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
as $$
declare
    v_index bytea := decode(p_index, 'hex');
    v_live  bool;
begin
    perform spend_hold('{1,2}', array[v_index, v_index], '{f,t}', true);

    with gone as (
        delete from block b
         where b.msisdn_index = v_index
           and b.merchant_id is not distinct from p_merchant_id
        returning b.live
    )
    select bool_or(live) into v_live from gone;

    if v_live is not null then
        perform allowance_end(v_index, p_merchant_id, v_live);
    end if;

    return v_live is not null;
end
$$;

revoke all on function block_add, block_remove from public;

commit;
