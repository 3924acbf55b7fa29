-- Deploy carrierpay:stop to pg
-- requires: block
-- requires: payment
-- requires: subscriber

-- Somebody wants to pay a merchant no more, as the merchant says or a click in
-- a receipt: from now on no payment of his number begins (see block).

begin;
set local role carrierpay_owner;

-- A merchant's word about a subscriber of his.  False: he has none with this
-- id.
create function carrierpay.stop_subscriber(p_merchant_id int, p_live bool,
    p_pseudonym_id bigint)
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

    perform block_add(encode(v_index, 'hex'), p_merchant_id, 'merchant');
    return true;
end
$$;

-- The link in a receipt: the line that paid, and the merchant who was paid.
-- False: nobody has paid it.
create function carrierpay.stop_payment(p_payment_id bigint)
returns bool
language plpgsql security definer
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
as $$
declare
    v_index    bytea;
    v_merchant int;
begin
    select s.msisdn_index, p.merchant_id into v_index, v_merchant
      from payment p
      join lateral (
           select s.msisdn_index from subscriber s
            where s.id = p.subscriber_id offset 0) s on true
     where p.id = p_payment_id;

    if v_index is null then
        return false;
    end if;

    perform block_add(encode(v_index, 'hex'), v_merchant, 'receipt');
    return true;
end
$$;

revoke all on function carrierpay.stop_subscriber,
    carrierpay.stop_payment from public;
grant execute on function carrierpay.stop_subscriber,
    carrierpay.stop_payment to carrierpay;

commit;
