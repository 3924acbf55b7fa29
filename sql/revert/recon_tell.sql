-- Revert carrierpay:recon_tell from pg

begin;

drop function carrierpay.recon_change;
drop function carrierpay.recon_tell;
drop function carrierpay.recon_tell_refunds;
drop function carrierpay.recon_tell_charges;
drop function carrierpay.recon_told;

commit;
