-- Deploy carrierpay:schema to pg
-- requires: roles

begin;

create schema carrierpay authorization carrierpay_owner;
revoke all on schema carrierpay from public;
grant usage on schema carrierpay to carrierpay, carrierpay_recon;

-- No other role may call the functions that the owner creates later, unless it
-- is granted.
alter default privileges for role carrierpay_owner
    revoke execute on functions from public;

-- The database is the service's alone: other roles cannot connect, and no role
-- may create temporary tables, which could stand in for the schema's own.
do $$
begin
    execute format('revoke all on database %I from public',
                   current_database());
    execute format('grant connect on database %I to carrierpay,'
                   ' carrierpay_recon', current_database());
end
$$;

-- Exclusion constraints over scalars and a period (contract).
create extension if not exists btree_gist with schema carrierpay;

commit;
