-- Deploy carrierpay:worker to pg
-- requires: basics

-- The workers that make identifiers, by the number that is in each of them.
-- A lease, whose token is an identifier, belongs to the worker of that number.

begin;
set local role carrierpay_owner;
set local search_path = carrierpay, pg_temp;

-- as in ngx_carrierpay/base/ngx_carrierpay_id.h
create function carrierpay.id_worker(id bigint) returns int
language sql immutable parallel safe
return (id >> 12 & 1023)::int;

-- The name of the process is that by which others on its machine see
-- that it has ended (ngx_carrierpay/io/ngx_carrierpay_process.h).
create table worker_process (
    number   int primary key check (number between 0 and 1023),
    process  text not null,
    ended_at bigint             -- its leases are being released
);

-- A worker says which process it is, and is told of all others.
create function carrierpay.worker_enter(p_number int, p_process text)
returns table (number int, process text)
language plpgsql security definer
set search_path = carrierpay, pg_temp
as $$
#variable_conflict use_column
begin
    insert into worker_process as w (number, process)
    values (p_number, p_process)
    on conflict (number) do update
       set process = excluded.process, ended_at = null
     where w.process <> excluded.process;

    return query
    select w.number, w.process from worker_process w
     where w.number <> p_number order by w.number;
end
$$;

revoke all on function worker_enter from public;
grant execute on function worker_enter to carrierpay;

commit;
