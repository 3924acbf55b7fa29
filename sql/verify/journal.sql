-- Verify carrierpay:journal on pg

begin;

select payment_id, at, contract_id, operation, category, currency, accounts,
       amounts
  from carrierpay.journal where false;

-- granted to no other role than the owner
select 1 / count(*) from pg_class
 where oid = 'carrierpay.journal'::regclass and relacl is null
   and pg_get_userbyid(relowner) = 'carrierpay_owner';
do $$
begin
    begin
        delete from carrierpay.journal;
        raise exception 'the journal can be deleted';
    exception when restrict_violation then null;
    end;

    begin
        insert into carrierpay.journal (payment_id, operation, contract_id,
                                        category, currency, at, accounts,
                                        amounts)
        values (-1, 1, 1, 'd', 'EUR', 0, '{1,2}', '{5,-4}');
        raise exception 'a journal may be out of balance';
    exception when check_violation then null;
    end;
end
$$;

rollback;
