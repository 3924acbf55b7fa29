-- Deploy carrierpay:payment_shopper to pg
-- requires: subscriber

-- The part of payment_begin for lines that have not paid before, or not this
-- merchant, or that have moved to another network: it makes and mends the
-- subscriber and the pseudonym of each payment that is to begin.
--
-- Called in the transaction and with the planner settings of payment_begin.

begin;
set local role carrierpay_owner;

create function carrierpay.payment_shopper(p_result text[], p_live bool[],
    p_merchant_id int[], p_operator text[], p_subscriber_id bigint[],
    p_msisdn_index bytea[], p_msisdn bytea[], p_mvno text[],
    p_pseudonym_id bigint[], out subscriber_id bigint[],
    out pseudonym_id bigint[])
language plpgsql
as $$
declare
    v_stale bigint[];
begin
    insert into subscriber (id, msisdn_index, live, msisdn, operator, mvno)
    select distinct on (p_msisdn_index[i], p_live[i])
           p_subscriber_id[i], p_msisdn_index[i], p_live[i], p_msisdn[i],
           p_operator[i], p_mvno[i]
      from generate_subscripts(p_result, 1) as i
     where p_result[i] = 'begin'
     order by p_msisdn_index[i], p_live[i], i
    on conflict (msisdn_index, live) do nothing;

    select array_agg(s.id),
           array_agg(s.id) filter (where s.operator <> p_operator[i]
                                      or s.mvno is distinct from p_mvno[i]
                                      or s.msisdn is null)
      into subscriber_id, v_stale
      from generate_subscripts(p_result, 1) as i
      left join lateral (
           select s.id, s.operator, s.mvno, s.msisdn from subscriber s
            where s.msisdn_index = p_msisdn_index[i] and s.live = p_live[i]
              and p_result[i] = 'begin' offset 0) s on true;

    if exists (select from generate_subscripts(p_result, 1) as i
                where p_result[i] = 'begin' and subscriber_id[i] is null) then
        raise exception 'a payment would begin without its subscriber';
    end if;

    -- the numbers have moved to another network, or had been erased
    if v_stale is not null then
        perform subscriber_forget(v_stale);

        update subscriber s
           set operator = p_operator[array_position(subscriber_id, s.id)],
               mvno = p_mvno[array_position(subscriber_id, s.id)],
               msisdn = coalesce(s.msisdn, p_msisdn[
                                 array_position(subscriber_id, s.id)])
         where s.id = any (v_stale);
    end if;

    insert into pseudonym (id, merchant_id, subscriber_id, live)
    select distinct on (subscriber_id[i], p_merchant_id[i], p_live[i])
           p_pseudonym_id[i], p_merchant_id[i], subscriber_id[i], p_live[i]
      from generate_subscripts(p_result, 1) as i
     where subscriber_id[i] is not null
     order by subscriber_id[i], p_merchant_id[i], p_live[i], i
    on conflict on constraint pseudonym_subscriber_id_merchant_id_live_key
    do nothing;

    select array_agg(n.id) into pseudonym_id
      from generate_subscripts(p_result, 1) as i
      left join lateral (
           select n.id from pseudonym n
            where n.subscriber_id = payment_shopper.subscriber_id[i]
              and n.merchant_id = p_merchant_id[i] and n.live = p_live[i]
           offset 0) n on true;
end
$$;

revoke all on function carrierpay.payment_shopper from public;

commit;
