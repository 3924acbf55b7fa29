-- Deploy carrierpay:roles to pg

-- Two roles, shared by every database of the cluster: the owner of the
-- schema, which cannot log in, and the service, which may call functions and
-- nothing else.

begin;

do $$
begin
    if to_regrole('carrierpay_owner') is null then
        create role carrierpay_owner nologin;
    end if;

    if to_regrole('carrierpay') is null then
        create role carrierpay login;
    end if;
end
$$;

alter role carrierpay_owner nologin nosuperuser nocreatedb nocreaterole
    nobypassrls noreplication;
alter role carrierpay login nosuperuser nocreatedb nocreaterole
    nobypassrls noreplication;

-- Plans are made once: the statements are few and fixed, batches differ only
-- in length, and planning would cost more than running them.
alter role carrierpay set plan_cache_mode = force_generic_plan;
alter role carrierpay set jit = off;

-- A worker whose deadline has passed closes the connection, which the server
-- may notice late; these timeouts end the statement that it still runs.
alter role carrierpay set statement_timeout = '5s';
alter role carrierpay set lock_timeout = '2s';
alter role carrierpay set idle_in_transaction_session_timeout = '10s';

commit;
