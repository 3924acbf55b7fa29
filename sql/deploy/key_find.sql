-- Deploy carrierpay:key_find to pg
-- requires: merchant
-- requires: basics

begin;
set local role carrierpay_owner;

-- No row: the key is unknown or disabled.  former_cell is null when no key of
-- that cell counts any more.
create function carrierpay.key_find(p_hash bytea)
returns table (merchant_id int, live bool, name text, locale text,
    category text, home_cell smallint, former_cell smallint)
language plpgsql stable security definer
set search_path = carrierpay, pg_temp
set enable_seqscan = off
as $$
begin
    return query
    select m.id, k.live, m.name, m.locale, category_name(m.category),
           m.home_cell,
           case when m.moved_at > now_ms() - 60 * 86400000::bigint then
               m.former_cell end
      from api_key k
      join merchant m on m.id = k.merchant_id
     where k.hash = p_hash and k.disabled_at is null;
end
$$;

revoke all on function carrierpay.key_find from public;
grant execute on function carrierpay.key_find to carrierpay;

commit;
