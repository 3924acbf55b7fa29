-- Revert carrierpay:roles from pg

-- Roles belong to the cluster: they stay while another database uses them.

begin;

do $$
declare
    v_role text;
begin
    foreach v_role in array array['carrierpay', 'carrierpay_recon',
                                  'carrierpay_owner'] loop
        begin
            execute format('drop role if exists %I', v_role);
        exception when dependent_objects_still_exist then
            raise notice 'role % is used by another database: kept', v_role;
        end;
    end loop;
end
$$;

commit;
