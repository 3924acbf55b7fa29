-- Deploy carrierpay:payment_again to pg
-- requires: payment
-- requires: idem

-- The part of payment_create for operations p_ord that were not stored: their
-- keys belong to earlier payments, and what became of these is the answer.  An
-- operation whose key belongs to none, since it was refused, has no row.
--
-- A payment that has the operation's own id this very batch has stored, when
-- it was sent before.  As long as no worker has looked at it since, the answer
-- is the same again: one that was not allowed says why, and stays so.
--
-- Called in the transaction, and with the planner settings, of payment_create,
-- which knows the periods of the keys.

begin;
set local role carrierpay_owner;

create function carrierpay.payment_again(p_ord int[], p_id bigint[],
    p_idempotency uuid[], p_request uuid[], p_msisdn bytea[],
    p_first smallint, p_last smallint)
returns table (ord int, result text, payment_id bigint, own bool,
    operator text, share bigint, tax bigint, fee bigint)
language plpgsql
as $$
#variable_conflict use_column
declare
    c_period constant bigint := 2592000000;     -- of keys, see id_period
begin
    return query
    select i, case when x.request <> p_request[i] then 'mismatch'
                   when x.own and p.state = 'p' then 'pending'
                   when x.own and p.state = 'r' and p.events = 0
                        and coalesce(d.attempts, 0) = 0
                        and p_msisdn[i] is not null then
                       coalesce(p.failure_code, 'processing')
                   when p.attempt is distinct from p.id or p.events > 0 then
                       'replay'
                   else 'in_flight' end,
           x.id, x.own, case when x.own then p.operator end,
           case when x.own then p.share end, case when x.own then p.tax end,
           case when x.own then p.fee end
      from unnest(p_ord) as i
     cross join lateral (
           select x.payment_id as id, x.request,
                  x.payment_id = p_id[i] and array_position(p_id, p_id[i]) = i
                      as own
             from idem x
            where x.key = p_idempotency[i]
              and x.period between p_first and p_last
            limit 1) x
      left join lateral (
           select * from payment p
            where p.id = x.id and p.id >= p_first * c_period << 22
           offset 0) p on true
      left join lateral (
           select d.attempts from payment_due d
            where d.payment_id = x.id offset 0) d on true;
end
$$;

revoke all on function carrierpay.payment_again from public;

commit;
