-- Deploy carrierpay:keyring to pg
-- requires: basics

-- Which keyring the rows of this database were written with. A probe is what
-- a key makes of one fixed text, so it tells one key from another and nothing
-- of the key. Numbers that were sealed, and API keys that were hashed, with
-- other keys can be neither read nor found, so the service and
-- carrierpay-admin show their keyring here before they do anything.

begin;
set local role carrierpay_owner;
set local search_path = carrierpay, pg_temp;

create table keyring_probe (
    name        text not null check (name <> ''),
    id          smallint not null check (id between 1 and 255),
    probe       bytea not null check (octet_length(probe) = 32),
    created     timestamptz not null default now(),
    primary key (name, id)
);

-- A keyring is shown as lines of "name id probe", the probe in hexadecimal
-- digits. Returns null when it is the database's, or else how it differs:
-- "apikey 1 is another key". The first keyring is taken. Later ones must have
-- the newest key of each name, and may have newer ones, which are remembered.
create function keyring_check(p_keyring text) returns text
language plpgsql security definer
set search_path = carrierpay, pg_temp
as $$
declare
    difference text;
begin
    -- so that of two first keyrings only one is taken
    lock table keyring_probe in share row exclusive mode;

    with shown as (
        select split_part(line, ' ', 1) as name,
               split_part(line, ' ', 2)::smallint as id,
               decode(split_part(line, ' ', 3), 'hex') as probe
          from string_to_table(p_keyring, E'\n') as line
         where line <> ''
    ), newest as (
        select p.name, max(p.id) as id from keyring_probe p group by p.name
    ), differs as (
        select p.name || ' ' || p.id || case when s.probe is null
               then ' is missing' else ' is another key' end as what
          from keyring_probe p
          left join shown s using (name, id)
          left join newest n using (name, id)
         where s.probe <> p.probe or s.probe is null and n.id is not null
    ), added as (
        insert into keyring_probe (name, id, probe)
        select s.name, s.id, s.probe from shown s
         where not exists (select from differs)
        on conflict (name, id) do nothing
    )
    select min(d.what) into difference from differs d;

    return difference;
end
$$;

revoke all on function keyring_check from public;

commit;
