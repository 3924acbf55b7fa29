-- Revert carrierpay:last_sender from pg

begin;

drop function carrierpay.last_sender_elsewhere;
drop function carrierpay.last_sender_note;
drop table carrierpay.last_sender;

commit;
