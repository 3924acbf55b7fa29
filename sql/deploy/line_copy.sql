-- Deploy carrierpay:line_copy to pg
-- requires: subscriber
-- requires: cell

-- The subscriber of a payment of this cell, whose line lies in another one, as
-- line_reserve has told of it: what payment_create finds then, and what the
-- payment shows of its payer.

begin;
set local role carrierpay_owner;

create function carrierpay.line_copy(p_merchant_id int[], p_live bool[],
    p_operator text[], p_mvno text[], p_index bytea[], p_msisdn bytea[],
    p_subscriber_id bigint[], p_pseudonym_id bigint[], p_consent_id bigint[],
    p_later_max bigint[], p_later_currency text[])
returns table (ord int)
language plpgsql security definer
set search_path = carrierpay, pg_temp
set enable_seqscan = off
as $$
#variable_conflict use_column
begin
    perform subscriber_forget(p_subscriber_id);

    insert into subscriber as s (id, msisdn_index, live, msisdn, operator,
                                 mvno)
    select distinct on (p_index[i], p_live[i])
           p_subscriber_id[i], p_index[i], p_live[i], p_msisdn[i],
           p_operator[i], p_mvno[i]
      from generate_subscripts(p_index, 1) as i
     order by p_index[i], p_live[i], i desc
    on conflict (msisdn_index, live) do update
       set msisdn = excluded.msisdn, operator = excluded.operator,
           mvno = excluded.mvno
     where (s.msisdn, s.operator, s.mvno) is distinct from
           (excluded.msisdn, excluded.operator, excluded.mvno);

    insert into pseudonym as n (id, merchant_id, subscriber_id, live,
                                known_since, consent_id, later_max, currency)
    select distinct on (p_pseudonym_id[i])
           p_pseudonym_id[i], p_merchant_id[i], p_subscriber_id[i], p_live[i],
           now_ms(), p_consent_id[i], p_later_max[i], p_later_currency[i]
      from generate_subscripts(p_index, 1) as i
     order by p_pseudonym_id[i], i desc
    on conflict on constraint pseudonym_subscriber_id_merchant_id_live_key
    do update
       set known_since = coalesce(n.known_since, excluded.known_since),
           consent_id = excluded.consent_id, later_max = excluded.later_max,
           currency = excluded.currency
     where (n.consent_id, n.later_max, n.currency) is distinct from
           (excluded.consent_id, excluded.later_max, excluded.currency);

    return query select i from generate_subscripts(p_index, 1) as i;
end
$$;

revoke all on function carrierpay.line_copy from public;
grant execute on function carrierpay.line_copy to carrierpay;

commit;
