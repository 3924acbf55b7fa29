-- Reading payments, claiming those that are due, and expiry.

\ir lib/fixture.sql

select * from no_plan();

insert into op (id, key, pseudonym, expires)
values (1, 'a', null, 4000000000000), (2, 'b', 200, 4000000000000),
       (3, 'c', null, now_ms() - 1), (4, 'd', null, now_ms() - 1);
select count(*) from pg_temp.create_ops() \gset ignore_

-- API keys

insert into api_key (hash, merchant_id, live, disabled_at)
values (sha256('a'), 1, false, null), (sha256('b'), 2, true, null),
       (sha256('c'), 1, false, now());
select results_eq('select merchant_id, live, name, locale, category'
    ' from key_find(sha256(''a''))',
                  $$values (1, false, 'Shop', 'fr', 'digital_content')$$,
                  'whose key it is');
select results_eq('select merchant_id, live, name, locale, category'
    ' from key_find(sha256(''b''))',
                  $$values (2, true, 'Other shop', 'en', 'digital_content')$$,
                  'another''s');
select is_empty('select * from key_find(sha256(''c''))', 'disabled');
select is_empty('select * from key_find(sha256(''d''))', 'unknown');

-- payments

select results_eq('select id, merchant_name, operator, operator_name, msisdn,'
    ' state, expires from payment_get(1, false, 2)',
    $$values (2::bigint, 'Shop', 'demo_fr', 'Demo France', '\xaa01'::bytea,
              'processing', 4000000000000)$$, 'a payment');
select results_eq('select id, state, operator, msisdn'
    ' from payment_get(1, false, 1)',
    $$values (1::bigint, 'pending', null::text, null::bytea)$$,
    'one without a subscriber yet');
select is_empty('select * from payment_get(2, false, 2)',
                'not another merchant''s');
select is_empty('select * from payment_get(1, true, 2)',
                'nor the other mode''s');
select is_empty('select * from payment_get(1, false, 99)', 'nor none');
select results_eq('select id, state from payment_page(''{2}'')',
                  $$values (2::bigint, 'processing')$$, 'as the page has it');
select is_empty('select * from payment_page(''{99}'')', 'unknown to the page');
update merchant
   set support = 'help@shop', terms_url = 'https://shop/terms',
       colour = '1a2b3c', logo = 'data:image/png;base64,AA==',
       frames = 'https://shop https://shop2'
 where id = 1;
select results_eq('select support, terms_url, colour, logo, frames, pin'
    ' from payment_page(''{1}'')',
    $$values ('help@shop', 'https://shop/terms', '1a2b3c',
              'data:image/png;base64,AA==', 'https://shop https://shop2',
              false)$$, 'and what shoppers see of the merchant');

-- claims

update payment_due set due_at = case payment_id when 2 then 1000
                                                else 2000 end
 where payment_id in (2, 3);
update payment_due set due_at = 3000 where payment_id = 4;
select results_eq('select id, state from payment_claim(2, 60000, 77)',
    $$values (2::bigint, 'processing'), (3, 'pending')$$,
    'those due longest');
select results_eq('select payment_id, token, attempts, due_at between'
    ' now_ms() + 55000 and now_ms() + 60000 from payment_due'
    ' where payment_id in (2, 3) order by 1',
    $$values (2::bigint, 77::bigint, 1, true), (3, 77, 1, true)$$, 'leased');
select results_eq('select id from payment_claim(10, 60000, 78)',
                  'values (4::bigint)', 'what is leased is not claimed');
select is_empty('select * from payment_claim(10, 60000, 79)',
                'then nothing is due');
update payment_due set due_at = now_ms() - 1 where payment_id = 2;
select results_eq('select id from payment_claim(10, 60000, 80)',
                  'values (2::bigint)', 'until the lease has run out');
select is(attempts, 2, 'each claim counts')
  from payment_due where payment_id = 2;

select results_eq('select result, state from pg_temp.finish(2, ''unknown'')',
                  $$values ('applied', 'processing')$$, 'asked in vain');
select ok(due_at between now_ms() + 53000 and now_ms() + 66000,
          'after two claims it is asked again in a minute')
  from payment_due where payment_id = 2;

-- expiry

select results_eq('select * from payment_expire(''{3,2,1,99,3,4}'')',
    $$values (1, 'expired'), (2, 'already'), (3, 'early'), (4, 'not_found'),
             (5, 'already'), (6, 'expired')$$, 'one result each, in order');
select results_eq('select id, state::text, events::int from payment'
    ' where id <= 4 order by id',
    $$values (1::bigint, 'p', 1), (2, 'r', 1), (3, 'x', 2), (4, 'x', 2)$$,
    'only pending ones whose time is over');
select results_eq('select payment_id, seq::int, state from event_view'
    ' where type = ''payment.expired'' order by 1',
    $$values (3::bigint, 2, 'expired'), (4, 2, 'expired')$$, 'told');
select results_eq('select payment_id, endpoint_id, seq::int from outbox'
    ' order by 1, 2',
    'values (3::bigint, 1, 2), (3, 2, 2), (4, 1, 2), (4, 2, 2)', 'owed');
select results_eq('select payment_id from payment_due order by 1',
                  'values (1::bigint), (2)', 'nobody looks any more');
select results_eq('select * from payment_expire(''{3}'')',
                  $$values (1, 'already')$$, 'the same again');
select is(pg_temp.begin_one(3, 30), 'expired', 'too late to begin');
select results_eq('select result, state from pg_temp.finish(3,'
    ' ''succeeded'')', $$values ('conflict', 'expired')$$,
    'and a charge of it is an incident');

select * from finish();
rollback;
