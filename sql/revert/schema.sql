-- Revert carrierpay:schema from pg

begin;

drop extension if exists btree_gist;
drop schema carrierpay;

alter default privileges for role carrierpay_owner
    grant execute on functions to public;

do $$
begin
    execute format('revoke all on database %I from carrierpay,'
                   ' carrierpay_recon', current_database());
    execute format('grant connect, temporary on database %I to public',
                   current_database());
end
$$;

commit;
