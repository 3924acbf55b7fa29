-- Deploy carrierpay:category to pg
-- requires: schema

-- What is sold: the kind of service, by which an operator may refuse a sale
-- and a country sets its VAT.  A letter in the tables, a word at the edge.

begin;
set local role carrierpay_owner;

create function carrierpay.category_name(category "char") returns text
language sql immutable parallel safe
return case category when 'd' then 'digital_content' when 'v' then 'voice'
                     when 'c' then 'charity' when 't' then 'tickets'
                     when 'g' then 'physical_goods' end;

-- null: the word is none
create function carrierpay.category_parse(name text) returns "char"
language sql immutable parallel safe
return case name when 'digital_content' then 'd' when 'voice' then 'v'
                 when 'charity' then 'c' when 'tickets' then 't'
                 when 'physical_goods' then 'g' end::"char";

commit;
