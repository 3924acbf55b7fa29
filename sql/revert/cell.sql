-- Revert carrierpay:cell from pg

begin;

drop function carrierpay.cell_check;
drop table carrierpay.cell;
drop function carrierpay.cell_refuse;
drop function carrierpay.id_cell;

commit;
