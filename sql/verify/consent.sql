-- Verify carrierpay:consent on pg

begin;

select id, payment_id, at, shown_at, merchant_id, method, locale, shown,
       address, agent, page, later_max, currency
  from carrierpay.consent where false;

-- granted to no other role than the owner
select 1 / count(*) from pg_class
 where oid = 'carrierpay.consent'::regclass and relacl is null
   and pg_get_userbyid(relowner) = 'carrierpay_owner';

do $$
begin
    begin
        delete from carrierpay.consent;
        raise exception 'consents can be deleted';
    exception when restrict_violation then null;
    end;
end
$$;

rollback;
