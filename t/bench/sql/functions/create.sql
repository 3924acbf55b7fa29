-- The service's own function, for one payment a call.

select result, operator, msisdn, share, tax, fee
  from payment_create(
           array[:id::bigint], array[:merchant::int], array[:live::bool],
           array[:key::uuid], array[:request::uuid], array[:amount::bigint],
           array[:currency::text], array[:description::text],
           array[:reference::text], array[:return_url::text],
           array[:metadata::text], array[:subscriber::bigint],
           array[:expires::bigint], array[null::text], array[null::bytea]);
