-- Which keyring is the database's: the first one, and those that follow it.

\ir lib/fixture.sql

select * from no_plan();

create function pg_temp.ring(variadic keys text[]) returns text
language sql as $$
    select string_agg(split_part(key, '=', 1) || ' '
                      || encode(sha256(convert_to(key, 'UTF8')), 'hex'), E'\n')
      from unnest(keys) key
$$;

delete from carrierpay.keyring_probe;

select is(carrierpay.keyring_check(pg_temp.ring('seal 1=a', 'apikey 1=b')),
          null, 'the first keyring is taken');
select is(carrierpay.keyring_check(pg_temp.ring('seal 1=a', 'apikey 1=b')),
          null, 'the same keyring is right');
select is(carrierpay.keyring_check(pg_temp.ring('seal 1=a', 'apikey 1=x')),
          'apikey 1 is another key', 'another key of one name is told');
select is(carrierpay.keyring_check(pg_temp.ring('seal 1=x', 'apikey 2=x')),
          'apikey 1 is missing',
          'another keyring whose ids are newer is told');
select is(carrierpay.keyring_check(pg_temp.ring('seal 1=a', 'seal 2=c',
                                                'apikey 1=b')),
          null, 'a newer key beside the old one is taken');
select is(carrierpay.keyring_check(pg_temp.ring('seal 1=a', 'apikey 1=b')),
          'seal 2 is missing',
          'a keyring from before the newer key is told');
select is(carrierpay.keyring_check(pg_temp.ring('seal 2=c', 'apikey 1=b')),
          null, 'an old key may be dropped');
select is(carrierpay.keyring_check(pg_temp.ring('seal 1=x', 'seal 2=c',
                                                'apikey 1=b')),
          'seal 1 is another key', 'a dropped key is still known');
select is((select count(*) from carrierpay.keyring_probe), 3::bigint,
          'a wrong keyring is not remembered');
select results_eq('select number, difference from carrierpay.worker_start('
    'pg_temp.ring(''seal 3=x''), ''one'')',
    $$values (null::int, 'apikey 1 is missing')$$,
    'a worker is told, too, and gets no number');
select ok(number between 0 and 1023 and difference is null,
          'with the right one it gets one')
  from carrierpay.worker_start(pg_temp.ring('seal 2=c', 'apikey 1=b'), 'one');

select * from finish();
rollback;
