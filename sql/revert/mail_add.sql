-- Revert carrierpay:mail_add from pg

begin;

drop function carrierpay.mail_add;

commit;
