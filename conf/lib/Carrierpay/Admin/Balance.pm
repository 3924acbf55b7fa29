package Carrierpay::Admin::Balance;

# What stands on the accounts. The sums are counted by a worker of the service
# every two seconds; here the same is done at once, so that they are of now,
# and that no service needs to run.

use strict;
use warnings;

use Carrierpay::Admin qw(%option rows);
use Carrierpay::Admin::Database qw(database merchant operator table);
use Exporter qw(import);

our @EXPORT_OK = qw(balance_count balance_list);

# One call notes how far can be counted, the next one goes on up to there.

sub balance_count {
    database()->do('select balance_fold()') for 1 .. 2;
}

# The accounts, and as of when; all in one statement, so that all is of one
# moment.

sub balance_list {
    my @owners = grep { defined } (
        defined $option{merchant} ? 'merchant:' . merchant($option{merchant})
                                  : undef,
        defined $option{operator} ? 'operator:' . operator($option{operator})
                                  : undef);

    balance_count();

    return rows(
        [qw(account currency debit credit balance entries as_of)],
        table(q{
            select a.code, b.currency, sum(b.debit)::bigint,
                   sum(b.credit)::bigint, sum(b.debit - b.credit)::bigint,
                   sum(b.entries)::bigint,
                   to_char(to_timestamp(m.until / 1000.0) at time zone 'UTC',
                           'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
              from balance_day b
              join account a on a.id = b.account_id
             cross join balance_mark m
             where cardinality(?::text[]) = 0 or exists (
                       select from unnest(?::text[]) as owner
                        where starts_with(a.code, owner || ':')
                           or starts_with(a.code, 'test:' || owner || ':'))
             group by a.code, b.currency, m.until
             order by a.code, b.currency}, \@owners, \@owners));
}

1;
