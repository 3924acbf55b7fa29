-- The merchant of an API key; no row when it is unknown or disabled.

select merchant_id as id, live
  from api_key
 where hash = :hash::bytea and disabled_at is null;
