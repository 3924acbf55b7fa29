-- Deploy carrierpay:roles to pg

-- Three roles, shared by every database of the cluster: the owner of the
-- schema, which cannot log in; the service, which may call functions and
-- nothing else; and that of reconciliation, which compares the ledger with the
-- operators' files, and writes charging records for them.

begin;

do $$
begin
    if to_regrole('carrierpay_owner') is null then
        create role carrierpay_owner nologin;
    end if;

    if to_regrole('carrierpay') is null then
        create role carrierpay login;
    end if;

    if to_regrole('carrierpay_recon') is null then
        create role carrierpay_recon login;
    end if;
end
$$;

alter role carrierpay_owner nologin nosuperuser nocreatedb nocreaterole
    nobypassrls noreplication;
alter role carrierpay login nosuperuser nocreatedb nocreaterole
    nobypassrls noreplication;
alter role carrierpay_recon login nosuperuser nocreatedb nocreaterole
    nobypassrls noreplication;

-- A period of postings is closed when no transaction that began in it is left
-- (see journal_open), so the owner sees since when those of others run.
grant pg_read_all_stats to carrierpay_owner;

-- Plans are made once: the statements are few and fixed, batches differ only
-- in length, and planning would cost more than running them.
alter role carrierpay set plan_cache_mode = force_generic_plan;
alter role carrierpay set jit = off;

-- A worker whose deadline has passed closes the connection, which the server
-- may notice late; these timeouts end the statement that it still runs.
alter role carrierpay set statement_timeout = '5s';
alter role carrierpay set lock_timeout = '2s';
alter role carrierpay set idle_in_transaction_session_timeout = '10s';

-- A file of a million rows takes a while; a row that is held by another
-- session is left for the next turn.
alter role carrierpay_recon set jit = off;
alter role carrierpay_recon set statement_timeout = '10min';
alter role carrierpay_recon set lock_timeout = '2s';
alter role carrierpay_recon set idle_in_transaction_session_timeout = '5min';

commit;
