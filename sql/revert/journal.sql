-- Revert carrierpay:journal from pg

begin;

drop table carrierpay.journal;
drop function carrierpay.journal_refuse;
drop function carrierpay.journal_accounts;
drop function carrierpay.journal_balanced;

commit;
