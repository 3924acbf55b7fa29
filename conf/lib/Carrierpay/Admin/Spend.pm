package Carrierpay::Admin::Spend;

# How much lines may spend, each and all together: limits of merchants and of
# subscribers. Those of law, operators and countries are in the configuration
# of the service.

use strict;
use warnings;

use Carrierpay::Admin qw(%option fail rows);
use Carrierpay::Admin::Database qw(merchant operator row table);
use Carrierpay::Admin::Subscriber qw(line);
use Exporter qw(import);

our @EXPORT_OK = qw(limit_list limit_set subscriber_limit total_list
    total_set);

my @PERIODS = qw(transaction day week month);

sub limit_set {
    my ($who, $operator) = @_;
    my $merchant = merchant($who);

    operator($operator);

    row('select spend_limit_set(?::int, ?, ?::bigint, ?::bigint, ?::bigint,'
        . ' ?::bigint)', $merchant, $operator, amounts());

    return 0;
}

sub limit_list {
    return rows([qw(operator merchant transaction day week month time_zone
                    set_by)],
        table("select operator, case when merchant_id > 0 then"
            . " merchant_id::text when apart then 'each' else 'all' end,"
            . ' max_payment, max_day, max_week, max_month, time_zone,'
            . " case when until is null then 'hand' else 'configuration' end"
            . ' from spend_limit order by 1, 2, 3, 4, 5, 6'));
}

sub subscriber_limit {
    my ($who) = @_;

    fail('a number is read from standard input: write "-"')
        if $who ne '-' && $who !~ /^sub_/;

    for my $one ($who eq '-' ? <STDIN> : $who) {
        my ($dbh, $index) = line($one);

        $dbh->selectrow_array('select spend_own(?, ?::bool, ?::bigint,'
            . ' ?::bigint, ?::bigint, ?::bigint)', undef, $index,
            $option{test} ? 0 : 1, amounts());
    }

    return 0;
}

sub total_set {
    my ($who, $currency) = @_;
    my $merchant = merchant($who);
    my ($transaction, $day, $week, $month) = amounts();

    fail("no currency \"$currency\"")
        if !row('select 1 from currency where code = ?', $currency);

    fail('a total is of a day or a month')
        if defined($transaction) || defined($week);

    row('select total_set(?::int, ?, ?::bool, ?::bigint, ?::bigint)',
        $merchant, $currency, $option{test} ? 0 : 1, $day, $month);

    return 0;
}

sub total_list {
    return rows([qw(scope name currency mode period sold limit percent
                    set_by)],
        table("select scope, name, currency, case when live then 'live'"
            . " else 'test' end, period, sold, most, sold * 100 / most,"
            . ' set_by from total_state() order by 1, 2, 3, 4, 5'));
}

sub amounts {
    for my $period (grep { defined($option{$_}) && $option{$_} <= 0 }
                         @PERIODS) {
        fail("--$period is no amount in minor units");
    }

    return @option{@PERIODS};
}

1;
