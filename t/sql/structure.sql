-- The contract with the C code, and what each role may do.

\ir lib/fixture.sql

select * from no_plan();

create temp table face (name text, arguments text, columns text);

insert into face values
('worker_start', 'text, text, text, integer, integer, integer',
 'number integer, difference text, cell text'),
('backlog', '', 'queue text, waiting integer, due integer, late_ms bigint'),
('partition_tend', '', null),
('balance_fold', '', 'until bigint'),
('total_watch', '', 'near integer, reached integer'),
('worker_renew', 'integer, text, text',
 'renewed boolean, differing integer'),
('worker_others', 'integer', 'number integer, process text'),
('worker_release', 'integer, text', null),
('key_find', 'bytea',
 'merchant_id integer, live boolean, name text, locale text,'
    ' category text, home_cell smallint, former_cell smallint'),
('line_reserve', 'bigint[], bigint[], integer[], boolean[], text[], text[],'
    ' text[], bigint[], bytea[], bytea[], bigint[], bigint[], bigint[],'
    ' bigint[]',
 'ord integer, result text, until bigint, day integer,'
    ' subscriber_id bigint, pseudonym_id bigint, msisdn_index bytea,'
    ' msisdn bytea, operator text, mvno text, consent_id bigint,'
    ' apart boolean, later_max bigint, later_currency text'),
('line_copy', 'integer[], boolean[], text[], text[], bytea[], bytea[],'
    ' bigint[], bigint[], bigint[], bigint[], text[]', 'ord integer'),
('total_claim', 'integer, integer, bigint', 'cell integer, parts text'),
('total_receive', 'integer, text', null),
('line_due_claim', 'integer, integer, bigint',
 'id bigint, payment_id bigint, attempt bigint, kind text,'
    ' msisdn_index bytea,'
    ' merchant_id integer, live boolean, pseudonym_id bigint,'
    ' consent_id bigint, amount bigint, currency text, day integer,'
    ' apart boolean'),
('line_due_done', 'bigint[]', 'ord integer'),
('line_settle', 'bigint[], bigint[], bigint[], text[], bytea[], integer[],'
    ' boolean[], bigint[], bigint[], bigint[], text[], integer[], boolean[]',
 'ord integer'),
('pin_line', 'bytea, boolean, bytea, boolean',
 'attempts_left integer, until bigint'),
('pin_count', 'bigint, bigint, bytea, boolean, bytea, bytea, boolean',
 'result text, wait_ms bigint, locks boolean'),
('pin_uncount', 'bigint', null),
('line_hold_claim', 'integer, integer, bigint',
 'payment_id bigint, attempt bigint, until bigint'),
('payment_begun', 'bigint[], bigint[]', 'ord integer, begun boolean'),
('line_hold_end', 'bigint[], bigint[], boolean[]', 'ord integer'),
('payment_key', 'bigint, uuid, uuid', 'result text, payment_id bigint'),
('payment_create', 'bigint[], integer[], boolean[], uuid[], uuid[], bigint[],'
    ' text[], text[], text[], text[], text[], bigint[], bigint[], text[],'
    ' bytea[], text[], text[], boolean[], bigint[], bigint[], integer[],'
    ' boolean[], text[]',
 'ord integer, result text, payment_id bigint, operator text,'
    ' msisdn bytea, mvno text, share bigint, tax bigint, fee bigint,'
    ' below bigint, above bigint, agreed bigint'),
('payment_begin', 'bigint[], bigint[], text[], bigint[], bytea[], bytea[],'
    ' bigint[], text[], text[], bigint[], text[], bytea[], text[], text[],'
    ' text[], bigint[], bigint[], integer[], boolean[]',
 'ord integer, result text, id bigint, merchant_id integer,'
    ' merchant_name text, live boolean, amount bigint, currency text,'
    ' description text, reference text, return_url text, metadata text,'
    ' state text, outcome_unknown boolean, failure_code text,'
    ' operator text, operator_name text, pseudonym_id bigint, msisdn bytea,'
    ' attempt bigint, created bigint, expires bigint,'
    ' locale text, email bytea, approval boolean, pin boolean,'
    ' category text, later_max bigint, share bigint, tax bigint, fee bigint,'
    ' manual boolean, captured bigint, refunded bigint,'
    ' charged_back bigint, operation text, declined text'),
('payment_finish', 'bigint[], text[], text[], text[], bigint[], bigint[],'
    ' bigint[]',
 'ord integer, result text, state text, outcome_unknown boolean,'
    ' failure_code text, approval boolean'),
('payment_get', 'integer, boolean, bigint', 'payment_view'),
('payment_first', 'bigint', 'payment_view'),
('payment_page', 'bigint[]',
 'ord integer, id bigint, merchant_id integer, merchant_name text,'
    ' live boolean, amount bigint, currency text, description text,'
    ' reference text, return_url text, metadata text, state text,'
    ' outcome_unknown boolean, failure_code text, operator text,'
    ' operator_name text, pseudonym_id bigint, msisdn bytea, attempt bigint,'
    ' created bigint, expires bigint, locale text,'
    ' email bytea, approval boolean, pin boolean, category text,'
    ' later_max bigint, share bigint, tax bigint, fee bigint, manual boolean,'
    ' captured bigint, refunded bigint, charged_back bigint,'
    ' operation text, declined text,'
    ' support text,'
    ' terms_url text, colour text, logo text, frames text'),
('payment_claim', 'integer, integer, bigint', 'payment_view'),
('payment_expire', 'bigint[]', 'ord integer, result text'),
('payment_cancel', 'bigint[]', 'ord integer, result text, state text'),
('payment_capture', 'integer, boolean, bigint, bigint, bigint',
 'result text, id bigint,'
    ' merchant_id integer, merchant_name text, live boolean,'
    ' amount bigint, currency text, description text, reference text,'
    ' return_url text, metadata text, state text, outcome_unknown boolean,'
    ' failure_code text, operator text, operator_name text,'
    ' pseudonym_id bigint, msisdn bytea, attempt bigint, created bigint,'
    ' expires bigint, locale text, email bytea, approval boolean,'
    ' pin boolean, category text, later_max bigint, share bigint,'
    ' tax bigint, fee bigint, manual boolean, captured bigint,'
    ' refunded bigint, charged_back bigint, operation text,'
    ' declined text'),
('payment_release', 'integer, boolean, bigint, bigint',
 'result text, id bigint,'
    ' merchant_id integer, merchant_name text, live boolean,'
    ' amount bigint, currency text, description text, reference text,'
    ' return_url text, metadata text, state text, outcome_unknown boolean,'
    ' failure_code text, operator text, operator_name text,'
    ' pseudonym_id bigint, msisdn bytea, attempt bigint, created bigint,'
    ' expires bigint, locale text, email bytea, approval boolean,'
    ' pin boolean, category text, later_max bigint, share bigint,'
    ' tax bigint, fee bigint, manual boolean, captured bigint,'
    ' refunded bigint, charged_back bigint, operation text,'
    ' declined text'),
('refund_begin', 'bigint, integer, boolean, bigint, bigint, text, uuid, uuid',
 'result text, refundable bigint, id bigint, payment_id bigint,'
    ' number integer,'
    ' merchant_id integer, live boolean, amount bigint, currency text,'
    ' kind text, way text, state text, outcome_unknown boolean,'
    ' reason text, failure_code text, ended bigint, operator text,'
    ' msisdn bytea, description text, attempt integer'),
('refund_finish', 'bigint, text, text, text, bigint, bigint',
 'result text, state text, outcome_unknown boolean, failure_code text'),
('refund_claim', 'integer, integer, bigint',
 'fresh boolean, age bigint, id bigint, payment_id bigint,'
    ' number integer,'
    ' merchant_id integer, live boolean, amount bigint, currency text,'
    ' kind text, way text, state text, outcome_unknown boolean,'
    ' reason text, failure_code text, ended bigint, operator text,'
    ' msisdn bytea, description text, attempt integer'),
('payout_claim', 'integer, integer, bigint',
 'fresh boolean, age bigint, id bigint, merchant_id integer, live boolean,'
    ' operator text, amount bigint, currency text, reference text,'
    ' state text, outcome_unknown boolean, failure_code text, ended bigint,'
    ' msisdn bytea'),
('payout_begin', 'bigint', 'result text'),
('payout_finish', 'bigint, text, text, text',
 'result text, state text, outcome_unknown boolean, failure_code text'),
('refund_get', 'integer, boolean, bigint', 'refund_view'),
('refund_list', 'integer, boolean, bigint', 'refund_view'),
('outbox_claim', 'integer, integer, bigint',
 'payment_id bigint, seq integer, endpoint_id integer, url text,'
    ' secret bytea, type text, at bigint, attempts integer,'
    ' traceparent text, id bigint, merchant_id integer,'
    ' merchant_name text, live boolean, amount bigint, currency text,'
    ' description text, reference text, return_url text, metadata text,'
    ' state text, outcome_unknown boolean, failure_code text,'
    ' operator text, operator_name text, pseudonym_id bigint, msisdn bytea,'
    ' attempt bigint, created bigint, expires bigint,'
    ' locale text, email bytea, approval boolean, pin boolean,'
    ' category text, later_max bigint, share bigint, tax bigint, fee bigint,'
    ' manual boolean, captured bigint, refunded bigint,'
    ' charged_back bigint, operation text, declined text,'
    ' refund_id bigint, refund_amount bigint, refund_kind text,'
    ' refund_state text, refund_failure_code text, refund_reason text,'
    ' chargeback integer, chargeback_amount bigint, chargeback_fee bigint,'
    ' chargeback_state text, chargeback_reason text,'
    ' chargeback_bearer text,'
    ' payout_id bigint, payout_merchant_id integer, payout_live boolean,'
    ' payout_operator text, payout_amount bigint, payout_currency text,'
    ' payout_reference text, payout_state text,'
    ' payout_outcome_unknown boolean, payout_failure_code text,'
    ' payout_ended bigint, payout_msisdn bytea'),
('subscriber_get', 'integer, boolean, bigint, bigint, text',
 'operator text, msisdn bytea, mvno text, later_charge text'),
('eligibility_evaluate', 'integer[], boolean[], text[], bytea[], bigint[],'
    ' text[], text[]', 'ord integer, reason text'),
('outbox_done', 'bigint[], integer[], integer[], bigint[], boolean[],'
    ' integer[]', 'ord integer, result text'),
('message_claim', 'integer, integer, bigint',
 'id bigint, channel text, kind text, deadline bigint, locale text,'
    ' route text, recipient bytea, body bytea, attempts integer,'
    ' merchant text, support text, payment_id bigint, amount bigint,'
    ' currency text, description text, operator_name text, live boolean,'
    ' merchant_locale text, mvno text, traceparent text, reference text,'
    ' attempt bigint, msisdn bytea, tax bigint, later_max bigint'),
('message_done', 'bigint[], bigint[], text[], text[], text[], integer[],'
    ' bigint[], text[]', 'ord integer, result text'),
('message_report', 'bigint, text, text', null),
('mail_add', 'bigint, bigint, bytea, text', null),
('mo_take', 'bigint, text, text, text, text, bytea, bytea, bytea, bigint,'
    ' text, text, bigint, bytea, boolean', 'result text, reply text'),
('pin_issue', 'bigint, integer, boolean, bigint, text, text, bytea, bytea,'
    ' bigint, text, bytea, boolean, bytea, boolean, bigint, bigint',
 'result text, wait_ms bigint, sends_left integer, elsewhere boolean,'
    ' tries_left integer'),
('pin_last', 'bigint, integer, boolean',
 'operator text, mvno text, msisdn bytea, locale text'),
('pin_attempt', 'bigint, integer, boolean, bytea, bigint, bytea, bytea,'
    ' boolean',
 'result text, pin_id bigint, tries_left integer, operator text, mvno text,'
    ' msisdn bytea, amount bigint, currency text, looked_up boolean,'
    ' sends_left integer, wait_ms bigint, locks boolean, elsewhere bytea,'
    ' live boolean'),
('pin_lost', 'bigint, bigint, bigint', null),
('stop_subscriber', 'integer, boolean, bigint, text', null);

-- signatures

select isnt(to_regprocedure(format('carrierpay.%s(%s)', name, arguments)),
            null, name || ' takes what it should')
  from face;

select is(pg_get_function_result(to_regprocedure(
              format('carrierpay.%s(%s)', name, arguments))),
          case when columns ~ '_view$' then 'SETOF ' || columns
               else 'TABLE(' || columns || ')' end,
          name || ' returns what it should')
  from face where columns is not null;

select is(string_agg(attname || ' ' || format_type(atttypid, null), ', '
                     order by attnum),
    'id bigint, merchant_id integer, merchant_name text, live boolean,'
    ' amount bigint, currency text, description text, reference text,'
    ' return_url text, metadata text, state text, outcome_unknown boolean,'
    ' failure_code text, operator text, operator_name text,'
    ' pseudonym_id bigint, msisdn bytea, attempt bigint,'
    ' created bigint, expires bigint, locale text, email bytea,'
    ' approval boolean, pin boolean, category text, later_max bigint,'
    ' share bigint, tax bigint, fee bigint, manual boolean, captured bigint,'
    ' refunded bigint, charged_back bigint, operation text, declined text',
    'the columns of a payment')
  from pg_attribute
 where attrelid = 'payment_view'::regclass and attnum > 0;

select is(string_agg(attname || ' ' || format_type(atttypid, null), ', '
                     order by attnum),
    'support text, terms_url text, colour text, logo text, frames text',
    'and what its page needs behind them')
  from pg_attribute a
 where attrelid = 'page_view'::regclass and attnum > 0
   and not exists (select from pg_attribute v
                    where v.attrelid = 'payment_view'::regclass
                      and v.attnum = a.attnum and v.attname = a.attname);

select is_empty(
    $$select attname, format_type(atttypid, null) from pg_attribute
       where attrelid = 'payment_view'::regclass and attnum > 0
      except
      select attname, format_type(atttypid, null) from pg_attribute
       where attrelid = 'event_view'::regclass and attnum > 0$$,
    'an event has all columns of a payment');

-- roles

select ok(rolcanlogin and not (rolsuper or rolcreaterole or rolcreatedb
                               or rolbypassrls or rolreplication),
          'the service may log in, no more')
  from pg_roles where rolname = 'carrierpay';

select ok(not (rolcanlogin or rolsuper), 'nobody logs in as the owner')
  from pg_roles where rolname = 'carrierpay_owner';

select is(count(*)::int, 0, 'the service is nobody else')
  from pg_auth_members where member = 'carrierpay'::regrole;

select ok(setconfig @> array['plan_cache_mode=force_generic_plan', 'jit=off',
                             'statement_timeout=5s', 'lock_timeout=2s'],
          'settings of the service')
  from pg_db_role_setting
 where setrole = 'carrierpay'::regrole and setdatabase = 0;

-- functions

select set_eq(
    $$select oid::regprocedure::text from pg_proc
       where pronamespace = 'carrierpay'::regnamespace
         and has_function_privilege('carrierpay', oid, 'execute')
         and pg_get_userbyid(proowner) = 'carrierpay_owner'$$,
    $$select to_regprocedure(format('carrierpay.%s(%s)', name,
                                    arguments))::text from face$$,
    'the service may call these functions, and no other');

select is_empty(
    $$select oid::regprocedure from pg_proc
       where pronamespace = 'carrierpay'::regnamespace
         and pg_get_userbyid(proowner) = 'carrierpay_owner'
         and has_function_privilege('public', oid, 'execute')$$,
    'the public may call none');

select is_empty(
    $$select p.oid::regprocedure from pg_proc p
        join face f on p.oid = to_regprocedure(
             format('carrierpay.%s(%s)', f.name, f.arguments))
       where not prosecdef
          or pg_get_userbyid(proowner) <> 'carrierpay_owner'
          or not proconfig @> array['search_path=carrierpay, pg_temp']$$,
    'they run as the owner, on a fixed path');

select is_empty(
    $$select oid::regprocedure from pg_proc
       where pronamespace = 'carrierpay'::regnamespace and prosecdef
         and not proconfig @> array['search_path=carrierpay, pg_temp']$$,
    'nothing runs as the owner on another path');

-- tables

select is_empty(
    $$select c.oid::regclass, r.role, p.privilege
        from pg_class c
       cross join unnest(array['carrierpay', 'public']) r (role)
       cross join unnest(array['select', 'insert', 'update', 'delete',
                               'truncate', 'references', 'trigger'])
             p (privilege)
       where c.relnamespace = 'carrierpay'::regnamespace
         and c.relkind in ('r', 'p', 'v')
         and has_table_privilege(r.role, c.oid, p.privilege)$$,
    'neither the service nor the public may touch a table');

select is_empty(
    $$select oid::regclass from pg_class
       where relnamespace = 'carrierpay'::regnamespace
         and pg_get_userbyid(relowner) <> 'carrierpay_owner'$$,
    'all belongs to the owner');

select ok(not has_schema_privilege('carrierpay', 'carrierpay', 'create')
          and not has_schema_privilege('public', 'carrierpay', 'usage'),
          'nobody adds to the schema');

select ok(not has_database_privilege('public', current_database(), 'connect')
          and not has_database_privilege('carrierpay', current_database(),
                                         'create,temporary'),
          'the database is the service''s, to connect to');

-- as the service sees it

set local role carrierpay;
select throws_ok(s, '42501', null, 'refused to the service: ' || s)
  from unnest(array['select 1 from carrierpay.journal',
                    'select 1 from carrierpay.subscriber',
                    'select 1 from carrierpay.posting',
                    'select 1 from carrierpay.balance_day',
                    'update carrierpay.balance_mark set until = 0',
                    'select carrierpay.balance_until(0)',
                    'update carrierpay.journal set amounts = null',
                    'delete from carrierpay.journal',
                    'select 1 from carrierpay.message',
                    'select 1 from carrierpay.consent',
                    'select 1 from carrierpay.idem',
                    'select 1 from carrierpay.event_view',
                    'select 1 from carrierpay.payment_view',
                    'update carrierpay.sweep set mark = 0',
                    'update carrierpay.partitioned set keep_days = 40',
                    'select carrierpay.partition_drop()',
                    'select 1 from carrierpay.last_sender',
                    'select carrierpay.payment_sweep(0)',
                    'select carrierpay.payment_shopper(null, null, null,'
                        ' null, null, null, null, null, null)',
                    'select carrierpay.payment_unknown(null, null, null, null,'
                        ' 0)',
                    'select 1 from carrierpay.attempt',
                    'select carrierpay.attempt_list(0, 0)',
                    'select carrierpay.payment_decline(null, null, null, null,'
                        ' null, null, 0)',
                    'delete from carrierpay.pin_failure',
                    'select carrierpay.pin_attempts_left(''\x00'', true,'
                        ' null, false, 0)',
                    'select carrierpay.pin_delay(true, ''\x00'', null,'
                        ' false, 0)',
                    'select carrierpay.message_add(1, ''s'', ''pin'', 1,'
                        ' null, null, null, null, null, ''\x00'', null)',
                    'truncate carrierpay.journal',
                    'insert into carrierpay.payment_due values (1, 1)',
                    'update carrierpay.payment set state = ''f''',
                    'select carrierpay.contract_add(1, ''demo_cm'', 0, null,'
                        ' 0, 0, 0)',
                    'create table carrierpay.x ()',
                    'create temp table x ()']) s;
select lives_ok('select carrierpay.worker_start('''', ''w'')',
                'granted to the service: a function');
reset role;

-- what no role may do, not even the owner

insert into journal (payment_id, operation, contract_id, category, currency,
                     at, accounts, amounts)
values (-1, 1, 1, 'd', 'EUR', 0, '{1,2}', '{5,-5}');

select throws_ok(s, '23001', null, 'refused to everybody: ' || s)
  from unnest(array['update journal set at = 1', 'delete from journal',
                    'delete from journal where false',
                    'truncate journal', 'truncate journal, payment',
                    'update event set at = 1',
                    'update consent set at = 1', 'delete from consent',
                    'delete from consent where false', 'truncate consent',
                    'truncate consent, payment']) s;

set local session_replication_role = replica;
select throws_ok('delete from ' || t, '23001', null,
                 'and to replication, too: ' || t)
  from unnest(array['journal', 'consent']) t;
reset session_replication_role;

select throws_ok(format('insert into journal (payment_id, operation,'
        ' contract_id, category, currency, at, accounts, amounts)'
        ' values (-2, 1, 1, ''d'', ''EUR'', 0, %L, %L)', accounts, amounts),
        '23514', null, 'no journal: ' || amounts::text)
  from (values ('{1,2}', '{5,-4}'), ('{1,2}', '{5,-5,0}'), ('{1}', '{0}'),
               ('{1,2,3}', '{5,-5,null}'), ('{1,2}', '{5,null}'),
               ('{1,2,3,4,5,6,7,8,9}', '{8,-1,-1,-1,-1,-1,-1,-1,-1}'),
               ('{}', '{}'))
       bad (accounts, amounts);

-- what is made for speed

select is_empty(
    $$select indexrelid::regclass from pg_index i
        join pg_attribute a on a.attrelid = i.indrelid
         and (a.attnum = any (i.indkey)
              or pg_get_expr(i.indpred, i.indrelid) ~ a.attname)
       where i.indrelid = 'payment'::regclass
         and a.attname not in ('id', 'idempotency')$$,
    'no column that is updated is indexed');

select is(count(*)::int, 2, oid::regclass || ': vacuumed as a queue')
  from pg_class, unnest(reloptions) option
 where oid in ('payment_due'::regclass, 'outbox'::regclass,
               'message_due'::regclass)
   and option in ('autovacuum_vacuum_scale_factor=0',
                  'vacuum_truncate=false')
 group by oid;

-- operators and contracts

insert into operator (code, name, country, currency)
values ('demo_de', 'Demo Deutschland', 'DE', 'EUR');
select throws_ok('update operator set sandbox = false'
                 ' where code = ''demo_fr''', '23503', null,
                 'an operator with contracts keeps its mode');
select throws_ok('select contract_add(1, ''demo_fr'', 5, null, 0, 0, 0)',
                 '23P01', null, 'contracts do not overlap');
select throws_ok('select contract_add(1, ''none'', 5, null, 0, 0, 0)',
                 '23503', null, 'a contract needs its operator');
select throws_ok('select contract_add(2, ''demo_fr'', 5, null, 10001, 0,'
                 ' 0)', '23514', null, 'no share above the whole');
select throws_ok(format('select contract_add(2, ''demo_fr'', 5, null, %s)',
                        terms), '23514', said,
                 'terms that leave the merchant nothing: ' || terms)
  from (values ('5000, 4500, 0', 'the terms leave the merchant nothing'),
               ('10000, 0, 0', null), ('0, 10000, 0', null),
               ('0, 0, split_limit()', null)) v (terms, said);
select throws_ok('select contract_add(2, ''demo_de'', 5, null, 0, 0, 0)',
                 '23514', 'no VAT rate for digital_content is known in DE',
                 'a contract needs a VAT rate');
select throws_ok(format('select contract_add(2, ''demo_fr'', 5, null, %s)',
                        terms), '23514', 'new row for relation "contract"'
                 ' violates check constraint "' || violated || '"',
                 'the column that is out of range is named: ' || terms)
  from (values ('10001, 0, 0', 'contract_operator_share_bp_check'),
               ('0, 2147483647, 0', 'contract_fee_bp_check'),
               ('0, 0, 9223372036854775807', 'contract_fee_fixed_check'))
       v (terms, violated);
select lives_ok('select contract_add(2, ''net_fr'', 5, null, 0, 0,'
                ' split_limit() - split_vat(split_limit(), 2000) - 1)',
                'terms that leave the merchant one unit of the largest'
                ' amount');
select lives_ok('select contract_add(2, ''demo_fr'', 5, 10, 0, 0, 0),'
                ' contract_add(2, ''demo_fr'', 10, null, 0, 0, 0)',
                'contracts may follow one another');
select is(contract_end(max(id), 20), true, 'a contract ends')
  from contract where merchant_id = 2 and operator = 'demo_fr';
select is(contract_end(0, 20), false, 'a contract that is none does not end');
select is(array_agg(valid_to order by valid_from), array[10, 20]::bigint[],
          'no other contract than the one that is named has ended')
  from contract where merchant_id = 2 and operator = 'demo_fr';

select set_eq('select code from account where code !~ ''merchant:2''',
    array['operator:net_fr:receivable', 'operator:net_fr:share', 'tax:FR',
          'platform:revenue', 'merchant:1:payable',
          'test:operator:demo_fr:receivable', 'test:operator:demo_fr:share',
          'test:tax:FR', 'test:platform:revenue', 'test:merchant:1:payable'],
    'a contract makes its accounts, test mode its own');

select * from finish();
rollback;
