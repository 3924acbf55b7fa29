-- Deploy carrierpay:settlement_close to pg
-- requires: settlement
-- requires: contract_correction
-- requires: split

-- Settles a period with a party: its statement, what that posts, and what is
-- remitted, in one transaction.  A period that was settled is left as it is.
--
-- The lines of a merchant, in this order: what was sold, paid back and charged
-- back, by operator and category; adjustments, payouts, those that have not
-- arrived, fees of chargebacks, and remittances that have come back, by when
-- they were posted; what the tiers of the months that have ended change; what
-- our fee lacks to the minimum; what third parties get of it; what is held
-- back, and what was held back before and is released; and what the last
-- statement owed us.  Their sum is remitted, or when it is below zero carried
-- over to the next one.
--
-- But for the last line their sum is the change of the merchant's payable
-- account, by what was posted in the period and what the settlement posts.

begin;
set local role carrierpay_owner;
set local search_path = carrierpay, pg_temp;

create function carrierpay.settlement_line_add(p_settlement_id int,
    p_kind "char", p_operator text, p_category "char", p_name text,
    p_payments bigint, p_gross bigint, p_share bigint, p_tax bigint,
    p_fee bigint, p_net bigint)
returns void
language sql
set search_path = carrierpay, pg_temp
as $$
    insert into settlement_line (settlement_id, line, kind, category, operator,
        name, payments, gross, share, tax, fee, net)
    select p_settlement_id, 1 + count(*), p_kind, p_category, p_operator,
           p_name, p_payments, p_gross, p_share, p_tax, p_fee, p_net
      from settlement_line l where l.settlement_id = p_settlement_id
$$;

-- What the lines of some kinds sum up to.
create function carrierpay.settlement_sum(p_settlement_id int, p_kinds text,
    out gross bigint, out fee bigint, out net bigint)
language sql stable
set search_path = carrierpay, pg_temp
as $$
    select coalesce(sum(l.gross), 0)::bigint, coalesce(sum(l.fee), 0)::bigint,
           coalesce(sum(l.net), 0)::bigint
      from settlement_line l
     where l.settlement_id = p_settlement_id
       and strpos(p_kinds, l.kind::text) > 0
$$;

-- What was sold under the contracts of the party.  Of what we bear (see
-- turnover) a merchant keeps its net, so the parts do not make that.
create function carrierpay.settlement_sold(s carrierpay.settlement,
    p carrierpay.settlement_party)
returns void
language sql
set search_path = carrierpay, pg_temp
as $$
    select count(settlement_line_add(s.id, l.kind, l.operator, l.category,
               null, l.payments, l.gross, l.share, l.tax, l.fee, l.net))
      from (select k.operator, t.category, t.kind,
                   sum(t.payments)::bigint as payments,
                   sum(case when p.operator is null then t.gross
                       else t.received end)::bigint as gross,
                   sum(t.share)::bigint as share,
                   sum(case when p.operator is null then t.tax
                       else 0 end)::bigint as tax,
                   sum(case when p.operator is null then t.fee
                       else 0 end)::bigint as fee,
                   sum(case when p.operator is null then t.net
                       else t.received - t.share end)::bigint as net
              from contract k
              join turnover t on t.contract_id = k.id
             where (k.merchant_id = p.merchant_id or k.operator = p.operator)
               and k.live = p.live and k.currency = p.currency
               and t.at >= s.from_at and t.at < s.until_at
               and (t.kind <> 's' or p.operator is not null)
             group by k.operator, t.category, t.kind
             order by 1, 2, 3) l
$$;

-- What was posted in the period by other hands than those of the payments: for
-- an operator, what settlements with merchants have changed of its share.
create function carrierpay.settlement_posted(s carrierpay.settlement,
    p carrierpay.settlement_party)
returns void
language sql
set search_path = carrierpay, pg_temp
as $$
    select count(settlement_line_add(s.id, l.kind, l.operator, null, null,
               l.postings, 0, l.share, 0, 0, l.net))
      from (select o.kind, k.operator, count(*) as postings,
                   sum(-posting_leg(o.accounts, o.amounts, k.share_account))
                       ::bigint as share,
                   sum(posting_leg(o.accounts, o.amounts, k.share_account))
                       ::bigint as net
              from posting o
              join contract k on k.id = o.contract_id
             where o.kind = 't' and k.operator = p.operator
               and o.live = p.live and o.currency = p.currency
               and o.at >= s.from_at and o.at < s.until_at
             group by 1, 2
            union all
            select o.kind, null, count(*), 0,
                   sum(-posting_leg(o.accounts, o.amounts, a.id))::bigint
              from posting o
              join account a on a.code = concat(
                   case when p.live then '' else 'test:' end, 'merchant:',
                   p.merchant_id, ':payable')
             where o.kind in ('a', 'x', 'q', 'v', 'g')
               and o.merchant_id = p.merchant_id
               and o.live = p.live and o.currency = p.currency
               and o.at >= s.from_at and o.at < s.until_at
             group by 1, 2
             order by 1, 2) l
$$;

-- Posts for the settlement, from the merchant's payable account to another one
-- or, below zero, back, and has a line for it.
create function carrierpay.settlement_post(s carrierpay.settlement,
    p carrierpay.settlement_party, p_kind "char", p_account int,
    p_amount bigint, p_payments bigint, p_fee bigint, p_name text)
returns void
language plpgsql
set search_path = carrierpay, pg_temp
as $$
begin
    if p_amount <> 0 then
        perform posting_add(p_kind, p.merchant_id, p.live, p.currency,
            array[posting_account(p.merchant_id, p.live, 'payable'),
                  p_account], array[p_amount, -p_amount], s.id, null, p_name);
        perform settlement_line_add(s.id, p_kind, null, null, p_name,
            p_payments, 0, 0, 0, p_fee, -p_amount);
    end if;
end
$$;

-- What the tiers of the merchant's contracts change of the months that have
-- ended in the period.
create function carrierpay.settlement_tiers(s carrierpay.settlement,
    p carrierpay.settlement_party, p_time_zone text)
returns void
language plpgsql
set search_path = carrierpay, pg_temp
as $$
declare
    r record;
begin
    for r in
        select k.id, k.operator, k.accounts, c.*
          from contract k
         cross join generate_series(date_trunc('month', s.first::timestamp),
                                    s.next - interval '1 month',
                                    interval '1 month') as month
         cross join lateral contract_correction(k.id,
                    settlement_day(month::date, p_time_zone),
                    settlement_day((month + interval '1 month')::date,
                                   p_time_zone)) c
         where k.merchant_id = p.merchant_id and k.live = p.live
           and k.currency = p.currency and cardinality(k.tiers) > 0
         order by month, k.operator, k.id
    loop
        continue when r.share = 0 and r.fee = 0;

        perform posting_add('t', p.merchant_id, p.live, p.currency,
            array[r.accounts[2], r.accounts[4], r.accounts[5]],
            array[-r.share, -r.fee, -r.payable], s.id, r.id);
        perform settlement_line_add(s.id, 't', r.operator, null, null,
            r.payments, 0, r.share, 0, r.fee, r.payable);
    end loop;
end
$$;

-- What our fee lacks to the minimum, and the shares of third parties.  The fee
-- that went back with a loss of ours does not lack: the merchant would pay it.
create function carrierpay.settlement_fees(s carrierpay.settlement,
    p carrierpay.settlement_party, t carrierpay.settlement_terms)
returns void
language plpgsql
set search_path = carrierpay, pg_temp
as $$
declare
    v_revenue int := posting_account(0, p.live, 'platform:revenue');
    v_fee     bigint := greatest(0, (settlement_sum(s.id, 'crbt')).fee);
    v_lacks   bigint := greatest(0, t.minimum_fee - v_fee);
    v_partner int;
    v_amount  bigint;
    v_sum     record;
    c         commission;
begin
    perform settlement_post(s, p, 'm', v_revenue, v_lacks, 0, v_lacks, null);

    select * into v_sum from settlement_sum(s.id, 'crbwtm');

    foreach c in array t.commissions loop
        v_partner := posting_account(0, p.live,
                                     'partner:' || c.name || ':payable');
        v_amount := split_part(greatest(0, case c.base
                                           when 'g' then v_sum.gross
                                           else v_sum.fee end), c.bp);

        if c.payer = 'm' then
            perform settlement_post(s, p, 'p', v_partner, v_amount, 0, 0,
                                    c.name);
        elsif v_amount > 0 then
            perform posting_add('p', p.merchant_id, p.live, p.currency,
                array[v_revenue, v_partner], array[v_amount, -v_amount], s.id,
                null, c.name);
        end if;
    end loop;
end
$$;

-- What is held back of this period, and what is released of those before whose
-- days are over when it ends.  Returns what is held back.
create function carrierpay.settlement_reserve(s carrierpay.settlement,
    p carrierpay.settlement_party, t carrierpay.settlement_terms)
returns bigint
language plpgsql
set search_path = carrierpay, pg_temp
as $$
declare
    v_account int := posting_account(p.merchant_id, p.live, 'reserve');
    v_held    bigint := split_part(greatest(0,
                            (settlement_sum(s.id, 'crbwtmp')).net),
                                   t.reserve_bp);
    v_free    bigint;
    v_count   bigint;
begin
    select coalesce(sum(o.reserve), 0), count(*) into v_free, v_count
      from settlement o
     where o.party_id = p.id and o.reserve > 0
       and o.reserve_until > s.first and o.reserve_until <= s.next;

    perform settlement_post(s, p, 'h', v_account, v_held, 0, 0, null);
    perform settlement_post(s, p, 'l', v_account, -v_free, v_count, 0, null);

    return v_held;
end
$$;

-- The statement of a merchant; returns it with its sums.
create function carrierpay.settlement_merchant(s carrierpay.settlement,
    p carrierpay.settlement_party, t carrierpay.settlement_terms)
returns carrierpay.settlement
language plpgsql
set search_path = carrierpay, pg_temp
as $$
declare
    v_before bigint := (select o.net from settlement o
                         where o.party_id = p.id and o.number = s.number - 1);
begin
    perform settlement_tiers(s, p, t.time_zone);
    perform settlement_fees(s, p, t);
    s.reserve := settlement_reserve(s, p, t);
    s.reserve_until := case when s.reserve > 0
                       then s.next + t.reserve_days end;

    if v_before < 0 then
        perform settlement_line_add(s.id, 'o', null, null, null, 0, 0, 0, 0, 0,
                                    v_before);
    end if;

    s.net := (settlement_sum(s.id, 'crbwtmphlaxqvgo')).net;

    if s.net > 0 then
        perform posting_add('d', p.merchant_id, p.live, p.currency,
            array[posting_account(p.merchant_id, p.live, 'payable'),
                  posting_account(p.merchant_id, p.live, 'remittance')],
            array[s.net, -s.net], s.id);
        insert into remittance (settlement_id, amount) values (s.id, s.net);
    end if;

    return s;
end
$$;

-- The next period of a party, which is over: see settlement_next for `s`.
create function carrierpay.settlement_write(s carrierpay.settlement)
returns void
language plpgsql
set search_path = carrierpay, pg_temp
as $$
declare
    p settlement_party;
    t settlement_terms;
begin
    select * into p from settlement_party x where x.id = s.party_id;
    select * into t from settlement_terms x where x.id = s.terms_id;

    s.id := nextval(pg_get_serial_sequence('carrierpay.settlement', 'id'));
    s.closed := now_ms();
    s.reserve := 0;

    perform settlement_sold(s, p);
    perform settlement_posted(s, p);

    if p.merchant_id is not null then
        s := settlement_merchant(s, p, t);
    else
        s.net := (settlement_sum(s.id, 'crbwst')).net;
    end if;

    insert into settlement select s.*;
end
$$;

-- Settles the period that has the day, and those before it, and returns the
-- settlement.  One that was settled is returned again, and nothing is written.
-- Two sessions settle one after the other: the second one finds it done.
create function carrierpay.settlement_close(p_party_id int, p_day date)
returns int
language plpgsql
set search_path = carrierpay, pg_temp
as $$
declare
    s    settlement;
    v_id int;
begin
    perform from settlement_party p where p.id = p_party_id for update;

    loop
        select x.id into v_id from settlement x
         where x.party_id = p_party_id
           and p_day >= x.first and p_day < x.next;

        if v_id is not null then
            return v_id;
        end if;

        select n.number, n.terms_id, n.first, n.next, n.from_at, n.until_at
          into s.number, s.terms_id, s.first, s.next, s.from_at, s.until_at
          from settlement_next(p_party_id) n;

        if s.number is null or p_day < s.first then
            raise exception 'no terms are in force on %', p_day
                using errcode = 'no_data_found';
        end if;

        if s.until_at > (select m.until from balance_mark m) then
            raise exception 'the period from % to % is not over', s.first,
                s.next using errcode = 'object_not_in_prerequisite_state';
        end if;

        if s.until_at % 900000 <> 0 then
            raise exception 'a day does not begin with a quarter of an hour'
                using errcode = 'feature_not_supported';
        end if;

        s.party_id := p_party_id;
        perform settlement_write(s);
    end loop;
end
$$;

revoke all on function settlement_line_add, settlement_sum, settlement_sold,
    settlement_posted, settlement_post, settlement_tiers, settlement_fees,
    settlement_reserve, settlement_merchant, settlement_write,
    settlement_close from public;

commit;
