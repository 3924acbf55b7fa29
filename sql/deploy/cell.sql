-- Deploy carrierpay:cell to pg
-- requires: subscriber
-- requires: payment

-- A ledger may be spread over several databases, its cells, and each of them
-- knows which one it is, and how many there are: "cell 1 of 3" is the second
-- of three.  A single database is cell 0 of 1, as it is deployed.
--
-- What is known of lines lies in the first cells, by their numbers (see line).
-- A ledger grows by cells without lines, which take payments only; the lines
-- stay where they are, for merchants know them by identifiers.
--
-- The number of the cell is in every identifier that is made for its rows.  A
-- worker that took one database for another would look for rows where they
-- cannot be, and write rows where no worker looks for them; so a worker says
-- which cell it takes the database for, and gets no number when it is wrong.

begin;
set local role carrierpay_owner;
set local search_path = carrierpay, pg_temp;

-- as in ngx_carrierpay/base/ngx_carrierpay_id.h
create function carrierpay.id_cell(id bigint) returns int
language sql immutable parallel safe
return (id & 31)::int;

create table cell (
    one    bool primary key default true check (one),
    number int not null,
    cells  int not null check (cells <= 32),
    lines  int not null,            -- how many cells have lines
    check (number between 0 and cells - 1 and lines between 1 and cells)
);

insert into cell (number, cells, lines) values (0, 1, 1);

-- It is said before there are rows, and then stays, but for what grows.
create function carrierpay.cell_refuse() returns trigger
language plpgsql
set search_path = carrierpay, pg_temp
as $$
begin
    if tg_op = 'UPDATE' and new.number = old.number and new.lines = old.lines
       and new.cells >= old.cells then
        return new;
    end if;

    if exists (select from payment) or exists (select from subscriber) then
        raise exception 'a cell that has payments or subscribers stays the one'
            ' that it is, and lines stay in as many'
            using errcode = 'restrict_violation';
    end if;

    return new;
end
$$;

create trigger cell_refuse before update on cell
    for each row execute function cell_refuse();
create trigger cell_stay before delete or truncate on cell
    for each statement execute function cell_refuse();
alter table cell enable always trigger cell_refuse;
alter table cell enable always trigger cell_stay;

-- null when the database is this cell of so many, or of more, some of which
-- have lines; or else which one it is.
create function carrierpay.cell_check(p_number int, p_cells int, p_lines int)
returns text
language plpgsql stable
set search_path = carrierpay, pg_temp
as $$
declare
    v cell;
begin
    select * into strict v from cell c where c.one;

    return case when v.number <> p_number or v.cells < p_cells
                     or v.lines <> p_lines then
           format('cell %s of %s', v.number, v.cells)
           || case when v.lines < v.cells then
                  format(', of which %s with lines', v.lines) else '' end end;
end
$$;

revoke all on function cell_check from public;

commit;
