-- Deploy carrierpay:allowance to pg
-- requires: subscriber
-- requires: consent
-- requires: payment
-- requires: basics

-- What a merchant may charge a subscriber without a page: so much in a month
-- of the operator's time zone, as the page said to which the subscriber agreed
-- when paying, or as was agreed elsewhere, before an import.  It stands in the
-- pseudonym, with the consent that has given it.
--
-- Only a payment that has succeeded gives one.  The newest consent to later
-- charges holds, and a payment that asks for none takes nothing away.  While
-- the line is blocked nothing is charged, whatever was allowed; and it ends
-- with the block: what was confirmed before gives none any more.
--
-- What was charged of it is counted in spend, in a row of its own, under the
-- lock of the line; the payment that has given it does not count.
--
-- Pseudonyms are locked in the order of their ids, and nothing else is waited
-- for while they are.

begin;
set local role carrierpay_owner;

-- By the consents of these payments, which have succeeded.  Called in the
-- transaction of payment_finish.
create function carrierpay.allowance_give(p_payment_id bigint[])
returns void
language plpgsql
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
set enable_memoize = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
begin
    perform from pseudonym n
      where n.id = any (array(select p.pseudonym_id from payment p
                               where p.id = any (p_payment_id)))
      order by n.id for no key update;

    update pseudonym n
       set consent_id = c.id, later_max = c.later_max, currency = c.currency
      from (select distinct on (p.pseudonym_id) p.pseudonym_id, c.*
              from unnest(p_payment_id) as id
             cross join lateral (
                   select p.pseudonym_id, p.consent_id from payment p
                    where p.id = id.id offset 0) p
             cross join lateral (
                   select c.id, c.at, c.later_max, c.currency from consent c
                    where c.id = p.consent_id offset 0) c
             order by p.pseudonym_id, c.id desc) c
     where n.id = c.pseudonym_id and c.at > coalesce(n.renewed, 0)
       and (n.later_max is null or n.consent_id < c.id);
end
$$;

-- The holder of a line wanted to pay one merchant, or with null any, no more,
-- and does again.  Called in the transaction of block_remove, which has locked
-- the line.
create function carrierpay.allowance_end(p_index bytea, p_merchant_id int,
    p_live bool)
returns void
language plpgsql
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
as $$
declare
    v_id bigint[];
begin
    v_id := array(
        select n.id from pseudonym n
         where n.subscriber_id = any (array(
                   select s.id from subscriber s
                    where s.msisdn_index = p_index and (p_live or not s.live)))
           and coalesce(n.merchant_id = p_merchant_id, true)
         order by n.id for no key update);

    update pseudonym n
       set later_max = null, currency = null, renewed = now_ms()
     where n.id = any (v_id);
end
$$;

revoke all on function carrierpay.allowance_give, carrierpay.allowance_end
    from public;

commit;
