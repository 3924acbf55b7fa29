-- Verify carrierpay:category on pg

begin;

-- five words, and each comes back
select 1 / (count(*) = 5)::int from unnest('{d,v,c,t,g}'::"char"[]) as letter
 where carrierpay.category_parse(carrierpay.category_name(letter)) = letter;

rollback;
