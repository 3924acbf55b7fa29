-- Revert carrierpay:vat_rate from pg

begin;

drop function carrierpay.vat_rate_at;
drop table carrierpay.vat_rate;
drop function carrierpay.vat_rate_refuse;

commit;
