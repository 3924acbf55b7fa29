-- Deploy carrierpay:worker to pg
-- requires: keyring
-- requires: cell
-- requires: spend_limit
-- requires: basics

-- The workers that make identifiers.  The number of a worker is in each of
-- them, so it is leased to one process, which renews the lease every ten
-- seconds: two that made identifiers under one number would take each other's
-- rows for their own.  A lease of work, whose token is an identifier, belongs
-- to the worker of that number.

begin;
set local role carrierpay_owner;
set local search_path = carrierpay, pg_temp;

-- as in ngx_carrierpay/base/ngx_carrierpay_id.h
create function carrierpay.id_worker(id bigint) returns int
language sql immutable parallel safe
return (id >> 12 & 1023)::int;

-- The name of the process is that by which others on its machine see
-- that it has ended (ngx_carrierpay/io/ngx_carrierpay_process.h).
create table worker_lease (
    number   int primary key check (number between 0 and 1023),
    process  text not null,
    until    bigint not null,
    ended_at bigint             -- its leases are being released
);

-- A number rests for as long as there are others.
create sequence worker_number as int minvalue 0 maxvalue 1023 cycle;

-- The next number that no process holds.
create function carrierpay.worker_take(p_process text, p_lease_ms int)
returns int
language plpgsql
set search_path = carrierpay, pg_temp
as $$
declare
    v_now    bigint := now_ms();
    v_number int;
begin
    for i in 1 .. 1024 loop
        v_number := nextval('worker_number');

        insert into worker_lease as w (number, process, until)
        values (v_number, p_process, v_now + p_lease_ms)
        on conflict (number) do update
           set process = excluded.process, until = excluded.until,
               ended_at = null
         where w.until <= v_now;

        if found then
            return v_number;
        end if;
    end loop;

    raise exception 'all worker numbers are leased'
        using errcode = 'insufficient_resources';
end
$$;

-- What a worker asks for at its start: whether the database is the cell that
-- it takes it for, and its keyring that of the database; and if so, a number.
-- Otherwise `cell` is which one it is, or `difference` how the keyrings
-- differ.
-- The limits of its configuration are in force before it charges anything.
create function carrierpay.worker_start(p_keyring text, p_process text,
    p_limits text default '[]', p_cell int default 0, p_cells int default 1,
    p_lines int default 1)
returns table (number int, difference text, cell text)
language plpgsql security definer
set search_path = carrierpay, pg_temp
as $$
#variable_conflict use_column
declare
    v_difference text;
    v_cell       text := cell_check(p_cell, p_cells, p_lines);
    v_number     int;
begin
    if v_cell is null then
        v_difference := keyring_check(p_keyring);

        if v_difference is null then
            perform spend_configure(p_limits, now_ms());
            v_number := worker_take(p_process, 60000);
        end if;
    end if;

    return query select v_number, v_difference, v_cell;
end
$$;

-- Holds the number for another minute; not renewed: the lease has run out, and
-- the process must take another number.  And for how many operators the limits
-- of other workers differ.
create function carrierpay.worker_renew(p_number int, p_process text,
    p_limits text default '[]')
returns table (renewed bool, differing int)
language plpgsql security definer
set search_path = carrierpay, pg_temp
as $$
declare
    v_now bigint := now_ms();
begin
    perform spend_configure(p_limits, v_now);

    update worker_lease w set until = v_now + 60000
     where w.number = p_number and w.process = p_process and w.until > v_now;

    return query select found, spend_differing(v_now);
end
$$;

-- All workers that are known but this one.
create function carrierpay.worker_others(p_number int)
returns table (number int, process text)
language plpgsql stable security definer
set search_path = carrierpay, pg_temp
as $$
#variable_conflict use_column
begin
    return query
    select w.number, w.process from worker_lease w
     where w.number <> p_number order by w.number;
end
$$;

revoke all on function worker_take, worker_start, worker_renew, worker_others
    from public;
grant execute on function worker_start, worker_renew, worker_others
    to carrierpay;

commit;
