-- An outcome and all that follows from it, in one statement.  No row comes
-- back when the payment has an outcome already.
--
-- What fails would be taken back from spend; here every charge succeeds.

with done as (
    -- payment: the outcome
    update payment
       set state = case :outcome::text when 'succeeded' then 's'
                                       else 'f' end::"char",
           outcome_unknown = false, approval = false,
           failure_code = :code::text,
           operator_reference = :operator_reference::text,
           events = events + 1, ended = now_ms()
     where id = :id::bigint and state = 'r'
    returning id, events, state, amount, share, tax, fee, currency,
              merchant_id, live, contract_id, category
), posted as (
    -- journal: the legs that are not zero, and their accounts
    insert into journal (payment_id, operation, contract_id, category,
                         currency, at, accounts, amounts)
    select l.id, 1, l.contract_id, l.category, l.currency, now_ms(),
           case when 0 = any (l.legs)
                then journal_accounts(l.accounts, l.legs)
                else l.accounts end, array_remove(l.legs, 0)
      from (select d.id, d.contract_id, d.category, d.currency, k.accounts,
                   array[d.amount, -d.share, -d.tax, -d.fee,
                         d.share + d.tax + d.fee - d.amount] as legs
              from done d
              join contract k on k.id = d.contract_id
             where d.state = 's'
            offset 0) l
), owed as (
    -- outbox: a delivery for each endpoint
    insert into outbox (due_at, payment_id, seq, endpoint_id)
    select now_ms(), d.id, d.events, e.id
      from done d
      join endpoint e on e.merchant_id = d.merchant_id and e.live = d.live
       and e.enabled
)
select 'applied' as result from done;
