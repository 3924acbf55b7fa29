-- Verify carrierpay:price_list on pg

begin;

select id, operator, valid_from, amounts, lowest, highest, step, added
  from carrierpay.price_list where false;

-- granted to no other role than the owner
select 1 / count(*) from pg_class
 where oid = 'carrierpay.price_list'::regclass and relacl is null
   and pg_get_userbyid(relowner) = 'carrierpay_owner';

select 1 / count(*) from pg_trigger
 where tgrelid = 'carrierpay.price_list'::regclass and tgenabled = 'A'
   and tgname = 'price_list_refuse';

select 1 / (carrierpay.price_allowed(300, null, 100, 500, 100)
            and not carrierpay.price_allowed(300, '{100}', null, null, null)
            and carrierpay.price_below(301, null, 100, 500, 100) = 300
            and carrierpay.price_above(99, '{100}', null, null, null) = 100
           )::int;

rollback;
