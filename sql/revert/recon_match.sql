-- Revert carrierpay:recon_match from pg

begin;

drop function carrierpay.recon_match;
drop function carrierpay.recon_compare;
drop function carrierpay.recon_pair;
drop function carrierpay.recon_chargebacks;
drop function carrierpay.recon_translate;
drop function carrierpay.recon_begin;

commit;
