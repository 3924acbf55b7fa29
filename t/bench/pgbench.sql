-- One payment, two calls, as the service makes them; ids follow one another
-- as time-ordered ones do. What pgbench leaves out, it leaves out for free:
-- HTTPS, JSON, the key, opening the number, the operator.

\set n :n + 1
\set id :base + :n * 64 + :client_id
\set pseudonym :first + 2 * random(0, :pseudonyms - 1)

select ord, result, payment_id, body, operator, msisdn
  from carrierpay.payment_create(
           array[:id::bigint], array[:merchant::int], array[false],
           array[md5(:id::text)::uuid], array[md5(:n::text)::uuid],
           array[499::bigint], array['EUR'], array['100 coins'],
           array['order-00000000'], array[null::text], array[null::text],
           array[:pseudonym::bigint], array[:expires::bigint],
           array[null::text], array[null::text], array[null::bytea]);

select ord, result, state, outcome_unknown, failure_code, body
  from carrierpay.payment_finish(
           array[:id::bigint], array['succeeded'], array[null::text],
           array['op_00000000000000000000'], array[:body::text],
           array[null::bigint], array[null::bigint]);
