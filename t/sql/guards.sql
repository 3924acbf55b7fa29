-- Rows that are never rewritten, neither by the owner of the tables nor by a
-- session that replicates.

\ir lib/fixture.sql

select * from no_plan();

select pg_temp.charge_of('{1,2,3}') \gset ignore_
insert into op (id, key) values (4, 'pending');
select count(*) from pg_temp.create_ops() \gset ignore_
select count(*) from pg_temp.finish(1, 'succeeded') \gset ignore_
select count(*) from pg_temp.finish(1, 'failed') \gset ignore_
select count(*) from chargeback_add(1, 100, 'c') \gset ignore_

create temp table forbidden (query text);
insert into forbidden values
('update payment set state = ''p'' where id = 1'),
('update payment set amount = 1 where id = 2'),
('update payment set currency = ''XAF'' where id = 2'),
('update payment set merchant_id = 2 where id = 2'),
('update payment set live = true where id = 2'),
('update payment set id = 5 where id = 2'),
('update payment set fee = 0 where id = 2'),
('update payment set share = 0 where id = 1'),
('update payment set tax = 0 where id = 1'),
('update payment set contract_id = 9 where id = 1'),
('delete from payment where id = 4'),
('truncate payment'),
('update event set kind = ''s'''),
('delete from event'),
('update attempt set number = 2'),
('delete from attempt'),
('truncate attempt'),
('truncate event'),
('update journal set amounts = ''{1,-1}'''),
('delete from journal'),
('truncate journal'),
('update posting set amounts = ''{1,-1}'''),
('delete from posting'),
('truncate posting'),
('update settlement_party set live = true'),
('delete from settlement_party'),
('update settlement_terms set minimum_fee = 1'),
('delete from settlement_terms'),
('update settlement set net = 1'),
('delete from settlement'),
('truncate settlement, settlement_line, remittance'),
('update settlement_line set net = 1'),
('delete from settlement_line'),
('truncate settlement_line'),
('delete from remittance'),
('truncate remittance'),
('update chargeback set amount = 1'),
('update chargeback set bearer = ''o'''),
('update chargeback set charged_back = 1'),
('delete from chargeback'),
('truncate chargeback'),
('update consent set method = ''x'''),
('delete from consent'),
('truncate consent'),
('update contract set fee_fixed = 10000'),
('update contract set operator_share_bp = 0'),
('update contract set fee_bp = 0'),
('update contract set chargeback_bearer = ''o'''),
('update contract set non_payment_bearer = ''o'''),
('update contract set chargeback_fee = 0'),
('update contract set tiers = ''{"(1,0,0,0)"}'''),
('update contract set currency = ''XAF'''),
('update contract set valid_from = 1'),
('update contract set payable_account = 1'),
('delete from contract'),
('truncate contract'),
('update incident set said = ''failed'''),
('delete from incident'),
('truncate incident'),
('update payment set category = ''g'' where id = 2'),
('update payment set later_max = 1 where id = 2'),
('update vat_rate set bp = 0'),
('delete from vat_rate'),
('truncate vat_rate'),
('update price_list set amounts = ''{1}'''),
('delete from price_list'),
('truncate price_list'),
('update cdr_file set rows = 0'),
('update cdr_file set sha256 = sha256(''x'')'),
('delete from cdr_file'),
('truncate cdr_file cascade'),
('update cdr_template set header = false'),
('delete from cdr_template'),
('truncate cdr_template cascade'),
('update cdr_digest set digest = ''x'''),
('delete from cdr_digest'),
('truncate cdr_digest'),
('update recon_diff set ours_amount = 1'),
('update recon_diff set outcome = ''failed'''),
('delete from recon_diff'),
('truncate recon_diff cascade'),
('update recon_note set why = ''?'''),
('delete from recon_note'),
('truncate recon_note');

-- Does the query end in an error of a guard?  The settings end with it.
create function pg_temp.refused(query text, setting text, value text)
returns bool
language plpgsql
as $$
begin
    perform set_config(setting, value, true);
    execute query;
    perform set_config(setting, case setting when 'role' then 'none'
                                             else 'origin' end, true);
    return false;
exception when restrict_violation then
    return true;
end
$$;

select ok(pg_temp.refused(query, 'role', 'carrierpay_owner'),
          'the owner: ' || query)
  from forbidden;
select ok(pg_temp.refused(query, 'session_replication_role', 'replica'),
          'a replica: ' || query)
  from forbidden;

select is(tgenabled::text, 'A', tgname || ' is always there')
  from pg_trigger t
  join pg_class c on c.oid = t.tgrelid
 where c.relnamespace = 'carrierpay'::regnamespace and not t.tgisinternal;

-- what may be written later

select lives_ok('update contract set valid_to = now_ms() + 60000'
    ' where operator = ''demo_fr''', 'a contract ends');
select lives_ok('update incident set resolved_at = 1, owner = ''me''',
                'an incident is resolved');
select is(pg_temp.begin_one(4, 40), 'processing', 'a payment begins');

select * from finish();
rollback;
