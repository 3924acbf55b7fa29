-- Deploy carrierpay:payment_key to pg
-- requires: idem
-- requires: payment
-- requires: cell

-- The merchant has moved to another cell, where the payment p_id is to be made
-- with this key.  Was one made here, before?  'not_found'; or 'replay',
-- 'in_flight' or 'mismatch', as payment_create has them, and which.
--
-- The key is claimed for the other cell: a worker that does not know of the
-- move yet finds it used, and makes no second payment here.  A key that is
-- claimed and was never used there may be used with another request.
--
-- A worker that does not know of the move may have a number of the period that
-- is about to begin, or of the one before: so keys are looked for, and claimed
-- in turns about the change of the period, as payment_create does it.

begin;
set local role carrierpay_owner;

create function carrierpay.payment_key(p_id bigint, p_key uuid,
    p_request uuid)
returns table (result text, payment_id bigint)
language plpgsql security definer
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
as $$
#variable_conflict use_column
declare
    c_period constant bigint := 2592000000;     -- see payment_create
    c_edge   constant int := 60000;
    v_soon  bigint := id_first(now_ms() + c_edge);
    v_first smallint := id_period(p_id) - 1;
    v_last  smallint := id_period(greatest(p_id, v_soon));
    v_here  int := (select c.number from cell c where c.one);
    v       idem;
    p       payment;
begin
    if (v_soon >> 22) % c_period < 2 * c_edge then
        perform pg_advisory_xact_lock(1768187245);
    end if;

    select * into v from idem x
     where x.key = p_key and x.period between v_first and v_last
     limit 1;

    if not found then
        insert into idem (key, request, payment_id, period)
        values (p_key, p_request, p_id, v_last)
        on conflict (key, period) do nothing;

        select * into v from idem x
         where x.key = p_key and x.period = v_last;
    end if;

    if id_cell(v.payment_id) = v_here then
        select * into p from payment x where x.id = v.payment_id;
    end if;

    return query
    select case when id_cell(v.payment_id) <> v_here then 'not_found'
                when v.request <> p_request then 'mismatch'
                when p.events > 0 or p.attempt is distinct from p.id then
                    'replay'
                else 'in_flight' end, v.payment_id;
end
$$;

revoke all on function carrierpay.payment_key from public;
grant execute on function carrierpay.payment_key to carrierpay;

commit;
