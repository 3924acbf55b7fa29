-- Revert carrierpay:recon_judge from pg

begin;

drop function carrierpay.recon_judge;
drop function carrierpay.recon_chargeback;
drop function carrierpay.recon_refund;
drop function carrierpay.recon_charge;
drop function carrierpay.recon_again;
drop type carrierpay.recon_ours;

commit;
