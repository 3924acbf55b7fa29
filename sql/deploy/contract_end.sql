-- Deploy carrierpay:contract_end to pg
-- requires: contract

begin;
set local role carrierpay_owner;

-- From this instant on, in ms since the Unix epoch, the contract is not in
-- force; what has begun under it keeps its terms.  False: there is no such
-- contract.  The function is for the roles that may write the table.
create function carrierpay.contract_end(p_id int, p_valid_to bigint)
returns bool
language plpgsql
set search_path = carrierpay, pg_temp
as $$
begin
    update contract set valid_to = p_valid_to where id = p_id;

    return found;
end
$$;

commit;
