-- Deploy carrierpay:subscriber_import to pg
-- requires: subscriber
-- requires: operator
-- requires: consent
-- requires: spend
-- requires: basics

-- Subscribers who consented elsewhere, for one merchant; for operations
-- people, not for the service.  A number that is known keeps its row and
-- gets the operator; one that was erased is known to no other merchant any
-- more; and this one knows them all from now on, and may charge each without a
-- page up to what was agreed: so much in a month, in the operator's currency
-- (see allowance).  The pseudonyms come back in the order of the numbers,
-- which are given by their index (hex), with what is sealed of them (hex).

begin;
set local role carrierpay_owner;

create function carrierpay.subscriber_import(p_merchant_id int, p_live bool,
    p_operator text, p_id bigint[], p_pseudonym_id bigint[], p_index text[],
    p_msisdn text[], p_later_max bigint[])
returns table (ord int, pseudonym_id bigint)
language plpgsql security definer
set search_path = carrierpay, pg_temp
as $$
#variable_conflict use_column
declare
    v_now      bigint := now_ms();
    v_currency text := (select o.currency from operator o
                         where o.code = p_operator);
begin
    perform subscriber_forget(array(
        select s.id from subscriber s
         where s.msisdn_index = any (array(select decode(n.hash, 'hex')
                                             from unnest(p_index) as n (hash)))
           and s.live = p_live and s.msisdn is null));

    -- a number may be there twice: its first line counts
    insert into subscriber (id, msisdn_index, live, msisdn, operator)
    select distinct on (n.hash) n.id, decode(n.hash, 'hex'), p_live,
           decode(n.sealed, 'hex'), p_operator
      from unnest(p_id, p_index, p_msisdn)
           with ordinality as n (id, hash, sealed, ord)
     order by n.hash, n.ord
    on conflict (msisdn_index, live) do update
       set operator = excluded.operator,
           msisdn = coalesce(subscriber.msisdn, excluded.msisdn);

    -- a line that may be charged without a page has a row (see spend_hold)
    insert into spend (msisdn_index, live, merchant_id)
    select distinct decode(n.hash, 'hex'), p_live, 0
      from unnest(p_index) as n (hash)
     order by 1
    on conflict (msisdn_index, live, merchant_id, unasked) do nothing;

    with line as (
        select distinct on (s.id) n.id, s.id as subscriber_id, n.later_max
          from unnest(p_pseudonym_id, p_index, p_later_max)
               with ordinality as n (id, hash, later_max, ord)
          join subscriber s
            on s.msisdn_index = decode(n.hash, 'hex') and s.live = p_live
         order by s.id, n.ord
    ), agreed as (
        insert into consent (id, at, merchant_id, method, later_max, currency)
        select id, v_now, p_merchant_id, 'import', later_max, v_currency
          from line
    )
    insert into pseudonym (id, merchant_id, subscriber_id, live, known_since,
                           consent_id, later_max, currency)
    select id, p_merchant_id, subscriber_id, p_live, v_now, id, later_max,
           v_currency
      from line
     order by subscriber_id
    on conflict (subscriber_id, merchant_id, live) do update
       set known_since = coalesce(pseudonym.known_since,
                                  excluded.known_since),
           consent_id = excluded.consent_id, later_max = excluded.later_max,
           currency = excluded.currency;

    return query
    select n.ord::int, p.id
      from unnest(p_index) with ordinality as n (hash, ord)
      join subscriber s
        on s.msisdn_index = decode(n.hash, 'hex') and s.live = p_live
      join pseudonym p on p.subscriber_id = s.id
       and p.merchant_id = p_merchant_id and p.live = p_live
     order by n.ord;
end
$$;

revoke all on function carrierpay.subscriber_import from public;

commit;
