-- Deploy carrierpay:stop to pg
-- requires: block
-- requires: payment
-- requires: subscriber

-- A shopper wants to pay a merchant no more, as the merchant reports or a
-- click in a receipt says: from now on no payment of that number to that
-- merchant begins (see block).

begin;
set local role carrierpay_owner;

-- The merchant reports it of one of its subscribers.  Returns false when the
-- merchant has no subscriber with this id.
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

    perform block_add(encode(v_index, 'hex'), p_merchant_id, 'merchant',
                      p_live);
    return true;
end
$$;

-- The link in a receipt: blocks the line that paid for the merchant that was
-- paid.  Returns false when the payment has no subscriber.
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
    v_live     bool;
begin
    select s.msisdn_index, p.merchant_id, p.live
      into v_index, v_merchant, v_live
      from payment p
      join lateral (
           select s.msisdn_index from subscriber s
            where s.id = p.subscriber_id offset 0) s on true
     where p.id = p_payment_id;

    if v_index is null then
        return false;
    end if;

    perform block_add(encode(v_index, 'hex'), v_merchant, 'receipt', v_live);
    return true;
end
$$;

revoke all on function carrierpay.stop_subscriber,
    carrierpay.stop_payment from public;
grant execute on function carrierpay.stop_subscriber,
    carrierpay.stop_payment to carrierpay;

commit;
