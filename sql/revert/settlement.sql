-- Revert carrierpay:settlement from pg

begin;

drop trigger settlement_terms_late on carrierpay.settlement_terms;
drop function carrierpay.settlement_terms_late;
drop function carrierpay.settlement_open;
drop function carrierpay.settlement_next;
drop function carrierpay.settlement_day;
drop table carrierpay.remittance;
drop function carrierpay.remittance_state_name;
drop table carrierpay.settlement_line;
drop function carrierpay.settlement_kind_name;
drop table carrierpay.settlement;

commit;
