-- Revert carrierpay:merchant from pg

begin;

drop table carrierpay.endpoint;
drop table carrierpay.api_key;
drop table carrierpay.merchant;

commit;
