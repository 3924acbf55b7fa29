-- Revert carrierpay:settlement_close from pg

begin;

drop function carrierpay.settlement_close;
drop function carrierpay.settlement_write;
drop function carrierpay.settlement_merchant;
drop function carrierpay.settlement_reserve;
drop function carrierpay.settlement_fees;
drop function carrierpay.settlement_tiers;
drop function carrierpay.settlement_post;
drop function carrierpay.settlement_posted;
drop function carrierpay.settlement_sold;
drop function carrierpay.settlement_sum;
drop function carrierpay.settlement_line_add;

commit;
