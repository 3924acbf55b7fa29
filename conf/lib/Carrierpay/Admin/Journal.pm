package Carrierpay::Admin::Journal;

# The check of the ledger. Everything is computed again from the payments,
# contracts and VAT rates, with arithmetic of its own, so that its word is
# worth something.

use strict;
use warnings;
use re '/a';                           # a digit is one of ten

use Carrierpay::Admin qw(%option fail);
use Carrierpay::Admin::Database qw(database);
use Carrierpay::Admin::Incident qw(open_incidents);
use Carrierpay::Admin::Id qw($BASE32 private_id public_id);
use Exporter qw(import);

our @EXPORT_OK = qw(journal_check);

my $BULK = 1000;                       # rows a statement
my $CLOCKS = 10_000;                   # ms, between a worker and the database

sub journal_check {
    my $dbh = database();
    my %seen = (journals => 0, charges => 0, differences => 0);

    $dbh->begin_work;
    $dbh->do('set transaction isolation level repeatable read, read only');

    my $contracts = $dbh->selectall_hashref('select * from contract', 'id');
    my $accounts = $dbh->selectall_hashref('select id, code from account',
                                           'id');
    my $rates = vat_rates($dbh);
    my $charged = operator_logs(\%seen, @{$option{'operator-log'}});

    each_row($dbh, q{
        select p.id, p.amount, p.currency, p.state, p.contract_id, p.live,
               p.category, id_time(p.attempt) as rated_at, p.operator,
               o.sandbox, o.country, j.payment_id, j.operation,
               j.contract_id as named, j.currency as posted, j.accounts,
               j.amounts
          from payment p
          full join journal j on j.payment_id = p.id
          left join operator o on o.code = p.operator}, sub {
        my ($row) = @_;

        check_journal(\%seen, $row, $contracts, $rates, $accounts);
        check_charge(\%seen, $row, $charged) if @{$option{'operator-log'}};
    });

    for my $id (sort { $a <=> $b } keys %$charged) {
        differs(\%seen, $id, 'charged by the operator, unknown to the ledger')
            if !$charged->{$id}{matched};
    }

    check_sums($dbh, \%seen);

    my @incidents = open_incidents();

    $dbh->rollback;

    printf "%2\$s: incident %1\$s, %3\$s, since %4\$s: recorded %5\$s, %6\$s"
        . " said %7\$s\n", @$_ for @incidents;
    printf "%d journals, %d charges in the operators' logs: %s%s\n",
        @seen{qw(journals charges)},
        $seen{differences} ? "$seen{differences} differences"
                           : 'no difference',
        @incidents ? ', ' . @incidents . ' open incidents' : '';

    return $seen{differences} || @incidents ? 1 : 0;
}

sub each_row {
    my ($dbh, $query, $do) = @_;

    $dbh->do("declare books cursor for $query");

    while (1) {
        my $rows = $dbh->selectall_arrayref("fetch $BULK from books",
                                            { Slice => {} });
        last if !@$rows;
        $do->($_) for @$rows;
    }

    $dbh->do('close books');
}

sub differs {
    my ($seen, $payment, $what) = @_;

    $seen->{differences}++;
    print public_id('pay_', $payment), ": $what\n";
}

sub check_journal {
    my ($seen, $row, $contracts, $rates, $accounts) = @_;

    if (!defined $row->{id}) {
        return differs($seen, $row->{payment_id},
                       'a journal without a payment');
    }

    if (!defined $row->{payment_id}) {
        differs($seen, $row->{id}, 'succeeded without a journal')
            if $row->{state} eq 's';
        return;
    }

    $seen->{journals}++;

    my $terms = $contracts->{$row->{named}};
    my $why = $row->{operation} != 1 ? 'a journal of an unknown operation'
        : $row->{state} ne 's' ? 'a journal, but it has not succeeded'
        : $row->{posted} ne $row->{currency} ? 'posted in another currency'
        : !$terms ? 'the contract does not exist'
        : $row->{named} != $row->{contract_id} ? 'posted by another contract'
        : check_rates($row, $terms, $rates, $accounts);

    differs($seen, $row->{id}, $why) if $why;
}

# The VAT rates of each country and category, the newest first.

sub vat_rates {
    my ($dbh) = @_;
    my $rows = $dbh->selectall_arrayref(
        'select * from vat_rate order by valid_from desc, id desc',
        { Slice => {} });
    my %rates;

    push @{$rates{"$_->{country} $_->{category}"}}, $_ for @$rows;

    return \%rates;
}

# The rate in force at an instant, as far as it was known then.

sub vat_at {
    my ($rates, $at) = @_;
    my ($rate) = grep { $_->{valid_from} <= $at && $_->{added} <= $at }
                      @$rates;

    return $rate ? $rate->{bp} : ();
}

# What is wrong with the legs; '' is nothing. About the change of a rate the
# clock of the database, which has rated, may have told the old one or the new.

sub check_rates {
    my ($row, $terms, $rates, $accounts) = @_;
    my $known = $rates->{"$row->{country} $row->{category}"} // [];
    my @wrong = map { check_legs($row, $terms, $_, $accounts) }
                map { vat_at($known, $row->{rated_at} + $_) } 0, $CLOCKS;

    return 'no VAT rate was in force' if !@wrong;
    return (grep { $_ eq '' } @wrong) ? '' : $wrong[0];
}

sub check_legs {
    my ($row, $terms, $vat_bp, $accounts) = @_;
    my @amounts = @{$row->{amounts}};
    my %due = split_of($row, $terms, $vat_bp);
    my %posted;
    my $sum = 0;

    return 'legs and accounts are not of one number'
        if @amounts != @{$row->{accounts}};

    for my $leg (0 .. $#amounts) {
        my $account = $accounts->{$row->{accounts}[$leg]}
            or return 'an account that does not exist';

        return "$account->{code}: two legs"
            if exists $posted{$account->{code}};

        $posted{$account->{code}} = $amounts[$leg];
        $sum += $amounts[$leg];
    }

    return "the sum is $sum" if $sum != 0;

    for my $code (sort keys %{{ %due, %posted }}) {
        my ($is, $should) = map { $_->{$code} // 'nothing' } \%posted, \%due;

        return "$code: posted $is, due $should" if $is ne $should;
    }

    return '';
}

# The legs that are due: account => amount, debit positive.

sub split_of {
    my ($row, $terms, $vat_bp) = @_;
    my $gross = $row->{amount};
    my $tax = rounded($gross, $vat_bp, 10000 + $vat_bp);
    my $share = rounded($gross - $tax, $terms->{operator_share_bp}, 10000);
    my $fee = rounded($gross, $terms->{fee_bp}, 10000) + $terms->{fee_fixed};
    my $test = $row->{live} ? '' : 'test:';
    my %legs = (
        "operator:$terms->{operator}:receivable" => $gross,
        "operator:$terms->{operator}:share" => -$share,
        "tax:$row->{country}" => -$tax,
        'platform:revenue' => -$fee,
        "merchant:$terms->{merchant_id}:payable" =>
            $tax + $share + $fee - $gross,
    );

    return map { ("$test$_" => $legs{$_}) } grep { $legs{$_} != 0 } keys %legs;
}

# amount * part / whole, half a unit up

sub rounded {
    use integer;

    my ($amount, $part, $whole) = @_;
    my $rest = $amount * $part % $whole;

    return $amount * $part / $whole + (2 * $rest >= $whole ? 1 : 0);
}

# What the sandbox operators charged: payment => amount and currency. A line
# is "<unix ms> charged|declined|duplicate <reference> <amount> <currency>",
# with the code of a decline behind it.

sub operator_logs {
    my ($seen, @files) = @_;
    my %charged;

    for my $file (@files) {
        open(my $in, '<', $file) or fail("$file: $!");

        while (my $line = <$in>) {
            my ($what, $reference, $amount, $currency) = $line =~
                /^\d+\ (charged|declined|duplicate)
                 \ (\S+)\ (\d+)\ ([A-Z]{3})(?:\ [a-z_]+)?$/x
                or fail("$file:$.: not a line of an operator's log");

            next if $what ne 'charged';

            fail("$file:$.: \"$reference\" is not a payment of ours")
                if $reference !~ /^pay_[$BASE32]{13}$/;

            my $id = private_id($reference);

            $seen->{charges}++;
            differs($seen, $id, 'charged more than once') if $charged{$id};
            $charged{$id} = { what => "$amount $currency" };
        }
    }

    return \%charged;
}

sub check_charge {
    my ($seen, $row, $charged) = @_;

    return if !defined $row->{id};

    my $charge = $charged->{$row->{id}};

    if (!$charge) {
        differs($seen, $row->{id}, 'succeeded, but was not charged')
            if $row->{state} eq 's' && $row->{sandbox};
        return;
    }

    $charge->{matched} = 1;

    if ($row->{state} ne 's') {
        differs($seen, $row->{id}, 'charged, but its state is '
                . ($row->{state} eq 'r' ? 'processing' : $row->{state}));

    } elsif ($charge->{what} ne "$row->{amount} $row->{currency}") {
        differs($seen, $row->{id}, "charged $charge->{what}, not"
                . " $row->{amount} $row->{currency}");
    }
}

# All legs of a currency, added by the database: nothing is lost on the way.

sub check_sums {
    my ($dbh, $seen) = @_;
    my $sums = $dbh->selectall_arrayref(q{
        select currency, sum(amount) from balance
         group by currency having sum(amount) <> 0 order by currency});

    for my $sum (@$sums) {
        $seen->{differences}++;
        print "$sum->[0]: the ledger's sum is $sum->[1]\n";
    }
}

1;
