-- An outcome and all that follows from it, a statement for each table, in a
-- transaction whose statements do not wait for each other's answers.  When the
-- payment has an outcome already the journal refuses its key, and all is
-- rolled back.
--
-- What fails would be taken back from spend; here every charge succeeds.

\startpipeline
begin;

-- payment: the outcome
update payment
   set state = case :outcome::text when 'succeeded' then 's'
                                   else 'f' end::"char",
       outcome_unknown = false, approval = false,
       failure_code = :code::text,
       operator_reference = :operator_reference::text,
       events = events + 1, ended = now_ms()
 where id = :id::bigint and state = 'r'
returning 'applied' as result;

-- journal: the legs that are not zero, and their accounts
insert into journal (payment_id, operation, contract_id, category,
                     currency, at, accounts, amounts)
select l.id, 1, l.contract_id, l.category, l.currency, now_ms(),
       case when 0 = any (l.legs)
            then journal_accounts(l.accounts, l.legs)
            else l.accounts end, array_remove(l.legs, 0)
  from (select p.id, p.contract_id, p.category, p.currency, k.accounts,
               array[p.amount, -p.share, -p.tax, -p.fee,
                     p.share + p.tax + p.fee - p.amount] as legs
          from payment p
          join contract k on k.id = p.contract_id
         where p.id = :id::bigint and p.state = 's'
        offset 0) l;

-- outbox: a delivery for each endpoint
insert into outbox (due_at, payment_id, seq, endpoint_id)
select now_ms(), p.id, p.events, e.id
  from payment p
  join endpoint e on e.merchant_id = p.merchant_id and e.live = p.live
   and e.enabled
 where p.id = :id::bigint;

commit;
\endpipeline
