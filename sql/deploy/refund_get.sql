-- Deploy carrierpay:refund_get to pg
-- requires: refund
-- requires: payment

-- Refunds of a merchant: one, by its id, or those of a payment, the oldest
-- first; there are 100 at most, see refund_begin.  A payment without refunds
-- has one row of nulls, and one that the merchant has not has none.

begin;
set local role carrierpay_owner;

create function carrierpay.refund_get(p_merchant_id int, p_live bool,
    p_id bigint)
returns setof carrierpay.refund_view
language plpgsql stable security definer
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
as $$
begin
    return query
    select * from refund_view v
     where v.id = p_id and v.merchant_id = p_merchant_id and v.live = p_live;
end
$$;

create function carrierpay.refund_list(p_merchant_id int, p_live bool,
    p_payment_id bigint)
returns setof carrierpay.refund_view
language plpgsql stable security definer
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
as $$
begin
    return query
    select v.*
      from (select p.id from payment p
             where p.id = p_payment_id and p.merchant_id = p_merchant_id
               and p.live = p_live offset 0) p
      left join lateral (
           select * from refund_view v
            where v.payment_id = p.id offset 0) v on true
     order by v.number;
end
$$;

revoke all on function carrierpay.refund_get, carrierpay.refund_list
    from public;
grant execute on function carrierpay.refund_get, carrierpay.refund_list
    to carrierpay;

commit;
