package Carrierpay::Admin::Books;

# The part of the check of the ledger that is about sums: what was counted,
# settled and remitted, each computed again from the journals.

use strict;
use warnings;

use Exporter qw(import);

our @EXPORT_OK = qw(wrong_sums);

# Each query has a line for each difference. Those that read the journals from
# the beginning are left out when the oldest have been dropped.

my @QUERIES = (
    q{select 'posting ' || e.posting_id || ': '
             || case when bool_or(e.account is null)
                then 'an account that does not exist'
                else 'the sum is ' || sum(e.amount) end
        from entry e where e.posting_id is not null
       group by e.posting_id
      having sum(e.amount) <> 0 or bool_or(e.account is null)
          or count(*) <> count(distinct e.account_id)},

    # the lines of a settlement, its sum, and what it remits

    q{select 'settlement ' || s.id || ': its lines sum to ' || l.net
             || ', not to ' || s.net
        from settlement s
       cross join lateral (
             select coalesce(sum(l.net), 0) as net from settlement_line l
              where l.settlement_id = s.id) l
       where l.net <> s.net},

    q{select 'settlement ' || l.settlement_id || ', line ' || l.line
             || ': its parts do not make its net'
        from settlement_line l
       where l.kind in ('c', 'r', 'b', 's', 't', 'm')
         and l.gross - l.share - l.tax - l.fee <> l.net},

    q{select 'settlement ' || s.id || ': remits ' || coalesce(r.amount, 0)
             || ', due ' || greatest(s.net, 0)
        from settlement s
        join settlement_party p on p.id = s.party_id
        left join remittance r on r.settlement_id = s.id
       where p.merchant_id is not null
         and coalesce(r.amount, 0) <> greatest(s.net, 0)},

    # the periods of a party

    q{select 'settlement ' || s.id || ': does not follow the one before'
        from settlement s
        left join settlement o
          on o.party_id = s.party_id and o.number = s.number - 1
       where s.from_at <> coalesce(o.until_at, 0)
          or s.first <> coalesce(o.next, s.first)
          or o.id is null and s.number <> 1},

    q{select 'settlement ' || s.id || ': carries over '
             || coalesce(sum(l.net), 0) || ', due ' || least(o.net, 0)
        from settlement s
        join settlement o
          on o.party_id = s.party_id and o.number = s.number - 1
        join settlement_party p on p.id = s.party_id
        left join settlement_line l
          on l.settlement_id = s.id and l.kind = 'o'
       where p.merchant_id is not null
       group by s.id, o.net
      having coalesce(sum(l.net), 0) <> least(o.net, 0)},

    # what a settlement has posted, and what it says of it

    q{select 'settlement ' || s.id || ': ' || posting_kind_name(k.kind)
             || ' of ' || coalesce(l.net, 0) || ', posted '
             || coalesce(o.net, 0)
        from settlement s
        join settlement_party p on p.id = s.party_id
       cross join unnest('{t,m,p,h,l,d}'::"char"[]) as k (kind)
       cross join lateral (
             select case k.kind when 'd' then
                        -(select r.amount from remittance r
                           where r.settlement_id = s.id)
                    else (select sum(l.net) from settlement_line l
                           where l.settlement_id = s.id
                             and l.kind = k.kind) end as net) l
       cross join lateral (
             select -sum(e.amount) as net
               from posting x
               join entry e on e.posting_id = x.id
              where x.settlement_id = s.id and x.kind = k.kind
                and e.account ~ (':' || p.merchant_id || ':payable$')) o
       where p.merchant_id is not null
         and coalesce(l.net, 0) <> coalesce(o.net, 0)},

    q{select 'settlement ' || s.id || ': holds back ' || s.reserve
             || ', not ' || -coalesce(l.net, 0)
        from settlement s
       cross join lateral (
             select sum(l.net) as net from settlement_line l
              where l.settlement_id = s.id and l.kind = 'h') l
       where s.reserve <> -coalesce(l.net, 0)},

    q{select 'settlement ' || s.id || ': releases ' || coalesce(l.net, 0)
             || ', due ' || coalesce(h.due, 0)
        from settlement s
       cross join lateral (
             select sum(l.net) as net from settlement_line l
              where l.settlement_id = s.id and l.kind = 'l') l
       cross join lateral (
             select sum(h.reserve) as due from settlement h
              where h.party_id = s.party_id and h.reserve_until > s.first
                and h.reserve_until <= s.next) h
       where coalesce(l.net, 0) <> coalesce(h.due, 0)},

    q{select 'remittance ' || r.settlement_id || ': '
             || remittance_state_name(r.state) || ', but what was posted is '
             || coalesce(o.kinds, 'nothing')
        from remittance r
       cross join lateral (
             select string_agg(x.kind::text, '' order by x.id) as kinds
               from posting x
              where x.settlement_id = r.settlement_id
                and x.kind in ('f', 'x')) o
       where coalesce(o.kinds, '') <> case r.state when 'd' then ''
             when 'p' then 'f'
             else case when r.paid is null then 'x' else 'fx' end end},

    q{select 'posting ' || x.id || ': ' || posting_kind_name(x.kind)
             || ' of no settlement'
        from posting x
        left join settlement s on s.id = x.settlement_id
       where x.kind not in ('a', 'q', 'v', 'z', 'g') and s.id is null},

    q{select 'remittance ' || r.settlement_id || ': ' || r.amount
             || ', posted ' || e.amount || ' to ' || e.account
        from remittance r
        join posting x on x.settlement_id = r.settlement_id
         and x.kind in ('d', 'f', 'x')
        join entry e on e.posting_id = x.id
       where abs(e.amount) <> r.amount},

    # what others have posted in the period

    q{select 'settlement ' || s.id || ': ' || posting_kind_name(k.kind)
             || ' of ' || coalesce(l.net, 0) || ', posted '
             || coalesce(o.net, 0)
        from settlement s
        join settlement_party p on p.id = s.party_id
       cross join unnest('{a,x,q,v,g}'::"char"[]) as k (kind)
       cross join lateral (
             select sum(l.net) as net from settlement_line l
              where l.settlement_id = s.id and l.kind = k.kind) l
       cross join lateral (
             select -sum(e.amount) as net
               from posting x
               join entry e on e.posting_id = x.id
              where x.merchant_id = p.merchant_id and x.live = p.live
                and x.currency = p.currency and x.kind = k.kind
                and x.at >= s.from_at and x.at < s.until_at
                and e.account ~ (':' || p.merchant_id || ':payable$')) o
       where p.merchant_id is not null
         and coalesce(l.net, 0) <> coalesce(o.net, 0)},
);

# What was sold in a quarter of an hour, by the journals of the payments.

my $SOLD = q{
    with sold as materialized (
        select e.contract_id, e.at - e.at % 900000 as at,
               coalesce(sum(e.amount) filter (where
                   e.account_id = k.receivable_account), 0) as received,
               coalesce(-sum(e.amount) filter (where
                   e.account_id = k.share_account), 0) as share,
               coalesce(-sum(e.amount) filter (where
                   e.account_id = k.tax_account), 0) as tax,
               coalesce(-sum(e.amount) filter (where
                   e.account_id = k.revenue_account), 0) as fee,
               coalesce(-sum(e.amount) filter (where
                   e.account_id = k.payable_account), 0) as net,
               coalesce(-sum(e.amount) filter (where
                   e.account ~ '^(test:)?platform:loss$'), 0) as loss
          from entry e
          join contract k on k.id = e.contract_id
         where e.payment_id is not null
         group by 1, 2
    )};

my @FROM_THE_BEGINNING = (

    qq{$SOLD
      select 'settlement ' || s.id || ': sold ' || l.sums || ', posted '
             || o.sums
        from settlement s
        join settlement_party p on p.id = s.party_id
       cross join lateral (
             select concat_ws(' ', coalesce(sum(l.share), 0),
                              coalesce(sum(l.tax), 0), coalesce(sum(l.fee), 0),
                              coalesce(sum(l.net), 0)) as sums
               from settlement_line l
              where l.settlement_id = s.id
                and l.kind in ('c', 'r', 'b', 'w', 's')) l
       cross join lateral (
             select case when p.operator is null then
                        concat_ws(' ', coalesce(sum(o.share), 0),
                                  coalesce(sum(o.tax), 0),
                                  coalesce(sum(o.fee), 0),
                                  coalesce(sum(o.net), 0))
                    else concat_ws(' ', coalesce(sum(o.share), 0), 0, 0,
                                   coalesce(sum(o.received - o.share), 0))
                    end as sums
               from contract k
               join sold o on o.contract_id = k.id
              where (k.merchant_id = p.merchant_id or k.operator = p.operator)
                and k.live = p.live and k.currency = p.currency
                and o.at >= s.from_at and o.at < s.until_at) o
       where l.sums <> o.sums
       order by s.id},

    # what the tiers change

    qq{$SOLD
      , wholes as materialized (
        select j.contract_id, j.at - j.at % 900000 as at,
               sum(j.amounts[1]::numeric / p.amount) as wholes
          from journal j
          join contract k on k.id = j.contract_id
           and cardinality(k.tiers) > 0
          join payment p on p.id = j.payment_id
         where j.accounts && array[k.share_account, k.tax_account,
                                   k.revenue_account, k.payable_account]
         group by 1, 2
      ), months as (
        select s.id, k.id as contract_id, k.merchant_id, k.operator, k.live,
               k.payable_account,
               extract(epoch from m at time zone t.time_zone) * 1000 as since,
               extract(epoch from (m + interval '1 month')
                       at time zone t.time_zone) * 1000 as until
          from settlement s
          join settlement_party p on p.id = s.party_id
          join settlement_terms t on t.id = s.terms_id
          join contract k on k.merchant_id = p.merchant_id
           and k.live = p.live and k.currency = p.currency
           and cardinality(k.tiers) > 0
         cross join generate_series(date_trunc('month', s.first::timestamp),
                    s.next - interval '1 month', interval '1 month') m
      )
      select 'settlement ' || m.id || ': the tiers of contract '
             || m.contract_id || ' change ' || sum(coalesce(d.due, 0))
             || ', posted ' || coalesce(max(x.posted), 0)
        from months m
       cross join lateral (
             select coalesce(sum(o.share + o.tax + o.fee + o.net + o.loss),
                             0) as volume
               from contract k
               join sold o on o.contract_id = k.id and o.at >= m.since
                and o.at < m.until
              where k.merchant_id = m.merchant_id and k.operator = m.operator
                and k.live = m.live) v
        left join lateral (
             select t.* from contract_tier t
              where t.contract_id = m.contract_id
                and t.from_volume <= v.volume
              order by t.from_volume desc limit 1) t on true
       cross join lateral (
             select sum(o.share + o.fee)
                    - floor(sum(o.share + o.fee + o.net + o.loss) * t.share_bp
                            / 10000 + 0.5)
                    - floor(sum(o.share + o.tax + o.fee + o.net + o.loss)
                            * t.fee_bp / 10000 + 0.5)
                    - round((select sum(w.wholes) from wholes w
                              where w.contract_id = m.contract_id
                                and w.at >= m.since and w.at < m.until)
                            * t.fee_fixed) as due
               from sold o
              where o.contract_id = m.contract_id and o.at >= m.since
                and o.at < m.until) d
       cross join lateral (
             select sum(-e.amount) as posted
               from posting x
               join entry e on e.posting_id = x.id
              where x.settlement_id = m.id and x.kind = 't'
                and x.contract_id = m.contract_id
                and e.account_id = m.payable_account) x
       group by m.id, m.contract_id
      having sum(coalesce(d.due, 0)) <> coalesce(max(x.posted), 0)
       order by 1},

    # what was counted

    qq{$SOLD
      select 'contract ' || contract_id || ': counted ' || coalesce(t.net, 0)
             || ' for its merchant, posted ' || coalesce(o.net, 0)
        from (select contract_id, sum(net) as net, sum(share) as share,
                     sum(tax) as tax, sum(fee) as fee
                from turnover
               where at < (select until - until % 900000 from balance_mark)
               group by contract_id) t
        full join (
             select contract_id, sum(net) as net, sum(share) as share,
                    sum(tax) as tax, sum(fee) as fee
               from sold
              where at < (select until - until % 900000 from balance_mark)
              group by contract_id) o using (contract_id)
       where (t.net, t.share, t.tax, t.fee)
             is distinct from (o.net, o.share, o.tax, o.fee)
       order by contract_id},

    q{select coalesce(a.code, 'account ' || account_id) || ', ' || day || ', '
             || currency || ': counted ' || coalesce(b.sum, 0) || ', posted '
             || coalesce(e.sum, 0)
        from (select account_id, currency, day, debit - credit as sum, entries
                from balance_day) b
        full join (
             select account_id, currency, sum(amount) as sum, count(*) as n,
                    (to_timestamp(at / 1000) at time zone 'UTC')::date as day
               from entry
              where at < (select until from balance_mark)
              group by account_id, currency, day) e
             using (account_id, currency, day)
        left join account a on a.id = account_id
       where (b.sum, b.entries) is distinct from (e.sum, e.n)
       order by 1},
);

# The differences, a line each.

sub wrong_sums {
    my ($dbh) = @_;
    my ($whole) = $dbh->selectrow_array(q{
        select exists (select from partition
                        where name = 'journal' and low is null)});

    return map { @{$dbh->selectcol_arrayref($_)} }
           @QUERIES, $whole ? @FROM_THE_BEGINNING : ();
}

1;
