-- Deploy carrierpay:refund_part to pg
-- requires: schema

begin;
set local role carrierpay_owner;

-- What is due of a part of an amount when so much of the amount counts; half a
-- unit is rounded up.
create function carrierpay.refund_part(part bigint, total bigint,
    amount bigint) returns bigint
language sql immutable parallel safe
return trunc((part::numeric * total * 2 + amount) / (2 * amount));

revoke all on function carrierpay.refund_part from public;

commit;
