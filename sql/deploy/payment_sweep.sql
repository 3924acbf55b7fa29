-- Deploy carrierpay:payment_sweep to pg
-- requires: payment
-- requires: basics

-- Finds the payments that have not ended a minute after their creation, and
-- gives them a row in payment_due: a charge without a page whose worker has
-- died, to be recovered now, and a payment that waits for its shopper, when it
-- expires.  Those that have begun have a row already.
--
-- It goes through the identifiers in steps.  A step ends a minute ago, and is
-- taken when every transaction that ran when it was chosen has ended, however
-- long a commit may hang: then no payment can appear in it any more, but one
-- that is written a minute after its identifier was made; payment_create gives
-- such a late one a row itself.

begin;
set local role carrierpay_owner;
set local search_path = carrierpay, pg_temp;

create table sweep (
    one     bool primary key default true check (one),
    mark    bigint not null,        -- the last identifier that was seen
    next    bigint,                 -- of the step that is chosen
    horizon xid8                    -- the transaction that chose it
);

insert into sweep (mark) values (0);

create function carrierpay.payment_sweep(p_now bigint) returns void
language plpgsql
set search_path = carrierpay, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
as $$
declare
    c_age  constant int := 60000;
    c_step constant int := 5000;
    c_most constant int := 60000;
    v      sweep;
    v_next bigint;
begin
    select * into v from sweep s where s.one for update skip locked;

    if v.next is null then
        v_next := least(id_first(p_now - c_age),
                        (select min(p.id) from payment p where p.id > v.mark)
                        + (c_most::bigint << 22));

        update sweep s
           set next = v_next, horizon = pg_current_xact_id()
         where s.one and v_next >= v.mark + (c_step::bigint << 22);

    elsif pg_snapshot_xmin(pg_current_snapshot()) > v.horizon then
        insert into payment_due (payment_id, due_at)
        select p.id, case p.state when 'p' then p.expires else p_now end
          from payment p
         where p.id > v.mark and p.id <= v.next and p.state in ('p', 'r')
        on conflict (payment_id) do nothing;

        update sweep s set mark = v.next, next = null, horizon = null
         where s.one;
    end if;
end
$$;

revoke all on function carrierpay.payment_sweep from public;

commit;
