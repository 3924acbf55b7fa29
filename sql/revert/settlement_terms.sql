-- Revert carrierpay:settlement_terms from pg

begin;

drop function carrierpay.settlement_terms_add;
drop function carrierpay.settlement_party_id;
drop table carrierpay.settlement_terms;
drop table carrierpay.settlement_party;
drop function carrierpay.settlement_refuse;
drop function carrierpay.settlement_period_name;
drop function carrierpay.commissions_valid;
drop type carrierpay.commission;

commit;
