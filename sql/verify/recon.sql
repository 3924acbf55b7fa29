-- Verify carrierpay:recon on pg

begin;

select operator, owner, reference_column, theirs, amount_column, status_column,
       currency_column, date_column, separator, decimal_sign, date_format,
       time_zone, succeeded, failed, refunded,
       charged_back, chargeback_reversed
  from carrierpay.recon_mapping where false;

select line, class, status, attempt, id, amount, at, currency, reference
  from carrierpay.recon_row where false;

select id, operator, file, line, kind, class, target, payment_id, attempt,
       reference, ours_state, ours_amount, ours_currency, ours_at,
       theirs_status, theirs_amount, theirs_currency, theirs_at, outcome,
       result, state, owner, pair
  from carrierpay.recon_view where false;

select diff_id, at, author, state, owner, why
  from carrierpay.recon_note where false;

-- its rows are not logged, and others write none
select 1 / count(*) from pg_class
 where oid = 'carrierpay.recon_row'::regclass and relpersistence = 'u'
   and has_table_privilege('carrierpay_recon', oid, 'insert')
   and not has_table_privilege('carrierpay_recon', oid, 'update,delete')
   and not has_table_privilege('carrierpay', oid, 'insert,select');

select 1 / (count(*) = 3)::int from pg_trigger
 where tgrelid in ('carrierpay.recon_diff'::regclass,
                   'carrierpay.recon_note'::regclass)
   and tgname ~ '^recon_' and tgenabled = 'A';

rollback;
