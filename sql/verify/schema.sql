-- Verify carrierpay:schema on pg

begin;

select 1 / count(*) from pg_namespace
 where nspname = 'carrierpay' and pg_get_userbyid(nspowner)
       = 'carrierpay_owner';

select 1 / has_schema_privilege('carrierpay', 'carrierpay', 'usage')::int;
select 1 / (not has_schema_privilege('carrierpay', 'carrierpay',
                                     'create'))::int;
select 1 / has_database_privilege('carrierpay', current_database(),
                                  'connect')::int;
select 1 / has_schema_privilege('carrierpay_recon', 'carrierpay',
                                'usage')::int;
select 1 / has_database_privilege('carrierpay_recon', current_database(),
                                  'connect')::int;
select 1 / (not has_database_privilege('carrierpay', current_database(),
                                       'temporary'))::int;
select 1 / count(*) from pg_extension where extname = 'btree_gist';

rollback;
