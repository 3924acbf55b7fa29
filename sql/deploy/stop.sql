-- Deploy carrierpay:stop to pg
-- requires: block
-- requires: subscriber

-- A shopper wants to pay a merchant no more, as the merchant reports or a
-- click in a receipt says: from now on no payment of that number to that
-- merchant begins (see block).

begin;
set local role carrierpay_owner;

-- In the cell of the line, which the id of the subscriber names.  Returns
-- false when the merchant has no subscriber with this id.  The source is
-- 'merchant' or 'receipt'.
create function carrierpay.stop_subscriber(p_merchant_id int, p_live bool,
    p_pseudonym_id bigint, p_source text)
returns bool
language plpgsql security definer
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
as $$
declare
    v_index bytea;
begin
    select s.msisdn_index into v_index
      from pseudonym n
      join lateral (
           select s.msisdn_index from subscriber s
            where s.id = n.subscriber_id offset 0) s on true
     where n.id = p_pseudonym_id and n.merchant_id = p_merchant_id
       and n.live = p_live;

    if v_index is null then
        return false;
    end if;

    perform block_add(encode(v_index, 'hex'), p_merchant_id, p_source,
                      p_live);
    return true;
end
$$;

revoke all on function carrierpay.stop_subscriber from public;
grant execute on function carrierpay.stop_subscriber to carrierpay;

commit;
