-- The service's own function, for one payment a call.

select result
  from payment_finish(
           array[:id::bigint], array[:outcome::text], array[:code::text],
           array[:operator_reference::text],
           array[null::bigint], array[null::bigint], array[:id::bigint]);
