-- Idempotency keys of a merchant that was moved, in its former home: what was
-- made here is found, and what is made in the new home is not made here, too.

\ir lib/fixture.sql

select * from no_plan();

create function pg_temp.other_cell(n int, at bigint default now_ms())
returns bigint
language sql
as $$
select id_first(at) | (7 << 12) | (n << 5) | 1;
$$;

create function pg_temp.key(key text, id bigint,
    request text default 'request')
returns text
language sql
as $$
select concat_ws(' ', k.result, nullif(k.payment_id, id))
  from payment_key(id, md5(key)::uuid, md5(request)::uuid) k;
$$;

create function pg_temp.here(id bigint, key text,
    request text default 'request')
returns text
language plpgsql
as $$
begin
    insert into op (id, key, request) values ($1, $2, $3);
    return (select c.result from pg_temp.create_ops() c);
end
$$;

create function pg_temp.fresh(n int, at bigint default now_ms())
returns bigint
language sql
as $$
select id_first(at) | (7 << 12) | (n << 5);
$$;

-- what was made here

select pg_temp.fresh(1) as one, pg_temp.other_cell(1) as there \gset
select is(pg_temp.here(:one, 'before'), 'pending', 'a payment of before');
select is(pg_temp.key('before', :there), 'replay ' || :one, 'is found');
select is(pg_temp.key('before', :there, 'other'), 'mismatch ' || :one,
          'and refused with another request');

-- what is made there

select is(pg_temp.key('after', :there), 'not_found', 'a new key');
select is(pg_temp.key('after', pg_temp.other_cell(2)), 'not_found ' || :there,
          'may be used again there');
select is(pg_temp.key('after', pg_temp.other_cell(3), 'other'),
          'not_found ' || :there, 'whatever it is used with');
select is(pg_temp.here(pg_temp.fresh(2), 'after'), 'in_flight',
          'a worker that does not know of the move makes no payment');
select is((select count(*)::int from payment), 1, 'so there is one');

-- about the change of the period of keys

select now_ms() - 2592000000 as month \gset
select pg_temp.fresh(3) as three \gset
select is(pg_temp.here(:three, 'edge'), 'pending',
          'a payment of the period that has just begun');
select is(pg_temp.key('edge', pg_temp.other_cell(4, :month)),
          'replay ' || :three, 'is found by a number of the one before');
select is(pg_temp.key('claim', pg_temp.other_cell(5, :month)), 'not_found',
          'a claim by such a number');
select is(pg_temp.here(pg_temp.fresh(4), 'claim'), 'in_flight',
          'holds in the period that has begun');

select * from finish();
rollback;
