-- Verify carrierpay:roles on pg

begin;

select 1 / count(*) from pg_roles
 where rolname = 'carrierpay_owner' and not rolcanlogin and not rolsuper;

select 1 / count(*) from pg_roles
 where rolname = 'carrierpay' and rolcanlogin and not rolsuper
   and not rolbypassrls and not rolcreaterole and not rolcreatedb;

select 1 / count(*) from pg_roles
 where rolname = 'carrierpay_recon' and rolcanlogin and not rolsuper
   and not rolbypassrls and not rolcreaterole and not rolcreatedb;

select 1 / pg_has_role('carrierpay_owner', 'pg_read_all_stats', 'usage')::int;

select 1 / count(*) from pg_db_role_setting s
  join pg_roles r on r.oid = s.setrole
 where r.rolname = 'carrierpay' and s.setdatabase = 0
   and s.setconfig @> array['plan_cache_mode=force_generic_plan',
                            'jit=off', 'statement_timeout=5s',
                            'lock_timeout=2s'];

rollback;
