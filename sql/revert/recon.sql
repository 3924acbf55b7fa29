-- Revert carrierpay:recon from pg

begin;

drop view carrierpay.recon_currency, carrierpay.recon_form,
    carrierpay.recon_view;
drop table carrierpay.recon_note, carrierpay.recon_diff, carrierpay.recon_row,
    carrierpay.recon_mapping;
drop function carrierpay.recon_refuse, carrierpay.recon_words_once;

commit;
