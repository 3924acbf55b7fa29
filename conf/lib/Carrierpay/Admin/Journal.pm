package Carrierpay::Admin::Journal;

# The check of the ledger. Everything is computed again from the payments,
# contracts and VAT rates, with arithmetic of its own, so that its word is
# worth something.

use strict;
use warnings;
use re '/a';                           # a digit is one of ten

use Carrierpay::Admin qw(%option fail);
use Carrierpay::Admin::Books qw(wrong_sums);
use Carrierpay::Admin::ChargebackCheck qw(chargeback_differences);
use Carrierpay::Admin::Database qw(database);
use Carrierpay::Admin::Incident qw(open_incidents);
use Carrierpay::Admin::Id qw($BASE32 private_id public_id);
use Carrierpay::Admin::PayoutBooks qw(wrong_payouts);
use Exporter qw(import);
use Math::BigInt;

our @EXPORT_OK = qw(journal_check);

my $BULK = 1000;                       # rows a statement
my $CLOCKS = 10_000;                   # ms, between a worker and the database

sub journal_check {
    my $dbh = database();
    my %seen = (journals => 0, charges => 0, refunds => 0, differences => 0);

    $dbh->begin_work;
    $dbh->do('set transaction isolation level repeatable read, read only');

    my $contracts = $dbh->selectall_hashref('select * from contract', 'id');
    my $accounts = $dbh->selectall_hashref('select id, code from account',
                                           'id');
    my $rates = vat_rates($dbh);
    my ($cell) = $dbh->selectrow_array('select number from cell'
                                       . ' where cells > 1');
    my ($charged, $refunded, $paid) =
        operator_logs(\%seen, $cell, @{$option{'operator-log'}});

    each_row($dbh, q{
        select p.id, p.amount, p.captured, p.currency, p.state,
               p.contract_id, p.merchant_id, p.live, p.category,
               p.share, p.tax, p.fee, p.attempts,
               a.contract_id as attempt_contract,
               id_time(coalesce(a.id, p.attempt)) as rated_at,
               coalesce(a.operator, p.operator) as operator, o.sandbox,
               o.country,
               j.payment_id, j.operation, j.contract_id as named,
               j.currency as posted, j.category as sold_as, j.accounts,
               j.amounts,
               r.amount as refund, r.total + r.charged_back as back, r.kind,
               r.way, b.amount as charged_back, b.reverses, b.bearer,
               b.refunded + b.charged_back as back_then,
               t.refunded + t.charged_back as taken_back,
               r.state as refund_state, exists (
                   select from refund b
                    where b.payment_id = p.id and b.kind = 'b') as reversed,
               j.operation < 0 and p.state = 's' and not exists (
                   select from journal c
                    where c.payment_id = p.id and c.operation = 1) as unpaid
          from payment p
          full join journal j on j.payment_id = p.id
          left join refund r
            on r.payment_id = p.id and r.number = j.operation
          left join chargeback b
            on b.payment_id = p.id and b.number = j.operation
          left join chargeback t
            on t.payment_id = p.id and t.number = b.reverses
          left join attempt a
            on a.payment_id = p.id
           and a.number = coalesce(r.attempt, -j.operation)
          left join operator o on o.code = coalesce(a.operator, p.operator)},
        sub {
        my ($row) = @_;

        check_journal(\%seen, $row, $contracts, $rates, $accounts);
        check_charge(\%seen, $row, $charged)
            if @{$option{'operator-log'}} && ($row->{operation} // 1) <= 1;
    });

    each_row($dbh, q{
        select r.id, r.payment_id, r.number, r.amount, r.kind, r.way, r.state,
               p.currency, p.refunded, p.state as payment_state, o.sandbox,
               (select sum(s.amount) from refund s
                 where s.payment_id = r.payment_id and s.state = 's'
                   and s.kind = 'r') as sum,
               exists (select from journal j
                        where j.payment_id = r.payment_id
                          and j.operation = r.number) as posted,
               exists (select from journal j
                        where j.payment_id = r.payment_id
                          and j.operation = coalesce(-r.attempt, 1))
                   as charged
          from refund r
          join payment p on p.id = r.payment_id
          left join operator o on o.code = p.operator}, sub {
        my ($row) = @_;

        check_refund(\%seen, $row);
        check_paid_back(\%seen, $row, $refunded)
            if @{$option{'operator-log'}};
    });

    each_row($dbh, q{
        select p.id, p.refunded from payment p
         where p.refunded is not null and not exists (
                   select from refund r
                    where r.payment_id = p.id and r.kind = 'r')}, sub {
        my ($row) = @_;

        differs(\%seen, $row->{id}, "refunded $row->{refunded}, but it has no"
                . ' refunds');
    });

    for my $difference (chargeback_differences($dbh)) {
        differs(\%seen, @$difference);
    }

    for my $charge (sort { $a->{id} <=> $b->{id} } values %$charged) {
        differs(\%seen, $charge->{id},
                'charged by the operator, unknown to the ledger')
            if !$charge->{matched};
    }

    for my $id (sort { $a <=> $b } keys %$refunded) {
        $seen{differences}++;
        print public_id('ref_', $id),
            ": paid back by the operator, unknown to the ledger\n";
    }

    for my $why (wrong_payouts($dbh, @{$option{'operator-log'}}
                                     ? $paid : undef)) {
        $seen{differences}++;
        print "$why\n";
    }

    check_sums($dbh, \%seen);

    my @incidents = open_incidents();

    $dbh->rollback;

    printf "%2\$s: incident %1\$s, %3\$s, since %4\$s: recorded %5\$s, %6\$s"
        . " said %7\$s\n", @$_ for @incidents;
    printf "%d journals, %d charges in the operators' logs, %d refunds: %s"
        . "%s\n",
        @seen{qw(journals charges refunds)},
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
    my $why = wrong_operation($row)
        // ($row->{posted} ne $row->{currency} ? 'posted in another currency'
        : $row->{sold_as} ne $row->{category} ? 'posted in another category'
        : !$terms ? 'the contract does not exist'
        : $row->{named} != ($row->{attempt_contract} // $row->{contract_id}
                            // 0)
          || (grep { $terms->{$_} ne $row->{$_} }
                   qw(merchant_id operator currency live))
        ? 'posted by another contract'
        : check_rates($row, $terms, $rates, $accounts)
          || wrong_parts($row, $terms));

    differs($seen, $row->{id}, $why) if $why;
}

# Why there should be no such journal; undef is nothing.

sub wrong_operation {
    my ($row) = @_;

    if ($row->{operation} == 1) {
        return $row->{state} eq 's' || $row->{reversed} ? undef
            : 'a journal, but it has not succeeded';
    }

    return 'succeeded without a journal' if $row->{unpaid};
    return undef if $row->{operation} < 0 && $row->{attempt_contract}
        && $row->{reversed};

    return 'the reversal of no chargeback'
        if defined $row->{reverses} && !defined $row->{taken_back};
    return undef if defined $row->{charged_back} && $row->{bearer} ne 'o';

    return !defined $row->{refund} ? 'a journal of an unknown operation'
        : $row->{refund_state} ne 's' ? 'a journal of a refund that has not'
        . ' succeeded' : undef;
}

# The payment tells what each side has of it: that is what was posted.

sub wrong_parts {
    my ($row, $terms) = @_;
    my (%posted, %account);

    return '' if $row->{operation} != 1 || $row->{state} ne 's';

    @posted{@{$row->{accounts}}} = @{$row->{amounts}};
    @account{qw(share tax fee)} = @$terms{qw(share_account tax_account
                                             revenue_account)};

    for my $part (qw(share tax fee)) {
        my $posted = -($posted{$account{$part}} // 0);

        return "its $part is $row->{$part}, posted $posted"
            if $row->{$part} != $posted;
    }

    return '';
}

# A charge of a payment that has succeeded, or stands in suspense, as that of a
# declined attempt does (its number, below zero); a refund, or a reversal:
# account => amount, debit positive.

sub legs_of {
    my ($row, $terms, $vat_bp) = @_;
    my $taken = $row->{captured} // $row->{amount};
    my $operator = ($row->{live} ? '' : 'test:')
        . "operator:$terms->{operator}";
    my %legs;

    $taken = $row->{amount} if $row->{operation} < 0;

    if ($row->{operation} <= 1) {
        return $row->{state} eq 's' && $row->{operation} == 1
            ? part_of($row, $terms, $vat_bp, 0, $taken)
            : ("$operator:receivable" => $taken,
               "$operator:suspense" => -$taken);
    }

    return chargeback_legs($row, $terms, $vat_bp)
        if defined $row->{charged_back};

    if ($row->{kind} eq 'b') {
        %legs = ("$operator:receivable" => -$row->{refund},
                 "$operator:suspense" => $row->{refund});
    } else {
        my %back = part_of($row, $terms, $vat_bp,
                           $row->{back} - $row->{refund}, $row->{back});
        %legs = map { $_ => -$back{$_} } keys %back;
    }

    $legs{"$operator:wallet"} = delete $legs{"$operator:receivable"}
        if $row->{way} eq 'w';

    return %legs;
}

# A chargeback is a refund that we may bear in the merchant's place; a reversal
# gives us back all that we have lost by it, and the rest to the merchant.

sub chargeback_legs {
    my ($row, $terms, $vat_bp) = @_;
    my ($amount, $then) = @$row{qw(charged_back back_then)};
    my $reverses = defined $row->{reverses};
    my $test = $row->{live} ? '' : 'test:';
    my ($payable, $loss) = ("${test}merchant:$terms->{merchant_id}:payable",
                            "${test}platform:loss");
    my $part = sub {
        my ($to, $sign) = @_;
        my %part = part_of($row, $terms, $vat_bp, $to - $amount, $to);

        return map { $_ => $sign * $part{$_} } keys %part;
    };
    my %legs = $reverses ? $part->($then + $amount, 1) : $part->($then, -1);

    if ($row->{bearer} eq 'p') {
        my %lost = $reverses ? $part->($row->{taken_back}, 1) : %legs;

        $legs{$loss} = $lost{$payable} // 0;
        $legs{$payable} = ($legs{$payable} // 0) - $legs{$loss};
    }

    return map { ($_ => $legs{$_}) } grep { $legs{$_} != 0 } keys %legs;
}

# What is due for the part of an amount between two sums, each leg rounded at
# both.

sub part_of {
    my ($row, $terms, $vat_bp, $from, $to) = @_;
    my %whole = split_of($row, $terms, $vat_bp);
    my $test = $row->{live} ? '' : 'test:';
    my $payable = "${test}merchant:$terms->{merchant_id}:payable";
    my $receivable = "${test}operator:$terms->{operator}:receivable";
    my %legs = parts(\%whole, $receivable, $payable, $from, $to,
                     $row->{captured} // $row->{amount});

    return map { ($_ => $legs{$_}) } grep { $legs{$_} != 0 } keys %legs;
}

sub parts {
    my ($whole, $receivable, $payable, $from, $to, $amount) = @_;
    my %legs = ($receivable => $to - $from);

    for my $code (grep { $_ ne $receivable && $_ ne $payable } keys %$whole) {
        $legs{$code} = rounded_part(-$whole->{$code}, $from, $amount)
            - rounded_part(-$whole->{$code}, $to, $amount);
    }

    $legs{$payable} = 0;
    $legs{$payable} -= $legs{$_} for grep { $_ ne $payable } keys %legs;

    return %legs;
}

sub rounded_part { return rounded($_[1], $_[0], $_[2]) }

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

# About the change of a rate the
# clock of the database, which has rated, may have told the old one or the new.

sub check_rates {
    my ($row, $terms, $rates, $accounts) = @_;
    my $known = $rates->{"$row->{country} $row->{category}"} // [];
    my @wrong = map { check_legs($row, $accounts,
                                 legs_of($row, $terms, $_)) }
                map { vat_at($known, $row->{rated_at} + $_) } 0, $CLOCKS;

    return 'no VAT rate was in force' if !@wrong;
    return (grep { $_ eq '' } @wrong) ? '' : $wrong[0];
}

# What is wrong with the legs; '' is nothing.

sub check_legs {
    my ($row, $accounts, %due) = @_;
    my @amounts = @{$row->{amounts}};
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

# The legs that are due for the whole amount.

sub split_of {
    my ($row, $terms, $vat_bp) = @_;
    my $gross = $row->{amount};
    my $tax = rounded($gross, $vat_bp, 10000 + $vat_bp);
    my $share = rounded($gross - $tax, $terms->{operator_share_bp}, 10000);
    my $fee = rounded($gross, $terms->{fee_bp}, 10000) + $terms->{fee_fixed};
    my $test = $row->{live} ? '' : 'test:';
    my $taken = $row->{captured} // $gross;
    my ($sum, $before) = (0, 0);

    # of a capture of a part their sums are divided

    for my $part ($share, $tax, $fee) {
        $sum += $part;
        $part = rounded($sum, $taken, $gross) - $before;
        $before += $part;
    }

    my %legs = (
        "operator:$terms->{operator}:receivable" => $taken,
        "operator:$terms->{operator}:share" => -$share,
        "tax:$row->{country}" => -$tax,
        'platform:revenue' => -$fee,
        "merchant:$terms->{merchant_id}:payable" =>
            $tax + $share + $fee - $taken,
    );

    return map { ("$test$_" => $legs{$_}) } grep { $legs{$_} != 0 } keys %legs;
}

# amount * part / whole, half a unit up; a product may be larger than integers

sub rounded {
    my ($amount, $part, $whole) = @_;

    return Math::BigInt->new($amount)->bmul($part)->bmul(2)->badd($whole)
        ->bdiv(2 * $whole)->numify if $amount * $part >= 2 ** 62;

    use integer;
    my $rest = $amount * $part % $whole;

    return $amount * $part / $whole + (2 * $rest >= $whole ? 1 : 0);
}

# A refund has a journal when it has succeeded, and the payment tells of it.

sub check_refund {
    my ($seen, $row) = @_;
    my $name = "refund $row->{number}";

    $seen->{refunds}++ if $row->{state} eq 's';

    differs($seen, $row->{payment_id}, "$name: succeeded without a journal")
        if $row->{state} eq 's' && !$row->{posted};
    differs($seen, $row->{payment_id}, "$name: of a charge without a journal")
        if $row->{state} eq 's' && !$row->{charged};
    differs($seen, $row->{payment_id}, "$name: of a payment that has not"
            . ' succeeded') if $row->{kind} eq 'r'
                               && $row->{payment_state} ne 's';
    differs($seen, $row->{payment_id}, 'refunded ' . ($row->{refunded} // 0)
            . ', but its refunds are ' . ($row->{sum} // 0))
        if $row->{kind} eq 'r' && ($row->{refunded} // 0)
                                  != ($row->{sum} // 0);
}

# What the sandbox operators did: reference => amount and currency charged,
# refund => amount and currency paid back, and payout => the same. A line is
# "<unix ms> <what> <reference> <amount> <currency>", with the code of a
# decline, or the charge of a refund, behind it. Those of other cells are for
# the check of these.

sub operator_logs {
    my ($seen, $cell, @files) = @_;
    my (%charged, %refunded, %paid);

    for my $file (@files) {
        open(my $in, '<', $file) or fail("$file: $!");

        while (my $line = <$in>) {
            my ($what, $reference, $amount, $currency) = $line =~
                /^\d+\ (charged|reserved|captured|voided|refunded|paid|declined
                         |duplicate)
                 \ (\S+)\ (\d+)\ ([A-Z]{3})(?:\ [\w-]+)?$/x
                or fail("$file:$.: not a line of an operator's log");

            if ($what =~ /^(?:charged|captured)$/) {
                my ($payment) = $reference =~ /^(.+?)(?:-[1-9]\d*)?$/;
                my $id = logged_id($file, $., $payment, 'pay_', 'payment');

                next if defined $cell && ($id & 31) != $cell;
                $seen->{charges}++;
                differs($seen, $id, 'charged more than once')
                    if $charged{$reference};
                $charged{$reference} = { id => $id,
                                         what => "$amount $currency" };

            } elsif ($what eq 'paid' && $reference =~ /^out_/) {
                my $id = logged_id($file, $., $reference, 'out_', 'payout');

                next if defined $cell && ($id & 31) != $cell;
                $paid{$id} = ($paid{$id} ? "$paid{$id}, and again " : '')
                    . "$amount $currency";

            } elsif ($what =~ /^(?:refunded|paid)$/) {
                my $id = logged_id($file, $., $reference, 'ref_', 'refund');

                next if defined $cell && ($id & 31) != $cell;
                differs($seen, $id, 'paid back more than once')
                    if $refunded{$id};
                $refunded{$id} = "$amount $currency";
            }
        }
    }

    return \%charged, \%refunded, \%paid;
}

sub logged_id {
    my ($file, $line, $reference, $prefix, $what) = @_;

    fail("$file:$line: \"$reference\" is not a $what of ours")
        if $reference !~ /^\Q$prefix\E[$BASE32]{13}$/;

    return private_id($reference);
}

sub check_charge {
    my ($seen, $row, $charged) = @_;

    return if !defined $row->{id};

    my $charge = $charged->{reference_of($row)};

    if (!$charge) {
        differs($seen, $row->{id}, 'succeeded, but was not charged')
            if $row->{state} eq 's' && $row->{sandbox};
        return;
    }

    $charge->{matched} = 1;

    my $late = ($row->{operation} // 1) < 0;
    my $due = ($late ? $row->{amount} : $row->{captured} // $row->{amount})
        . " $row->{currency}";

    if ($row->{state} ne 's' && !$row->{reversed}) {
        differs($seen, $row->{id}, 'charged, but its state is '
                . ($row->{state} eq 'r' ? 'processing' : $row->{state}));

    } elsif ($charge->{what} ne $due) {
        differs($seen, $row->{id}, "charged $charge->{what}, not $due");
    }
}

# The reference by which the operator knows a charge: the payment's id, and
# from the second attempt on its number.

sub reference_of {
    my ($row) = @_;
    my $number = ($row->{operation} // 1) < 0 ? -$row->{operation}
        : ($row->{attempts} // 0) + 1;

    return public_id('pay_', $row->{id}) . ($number > 1 ? "-$number" : '');
}

# What people have paid back stands in no operator's log.

sub check_paid_back {
    my ($seen, $row, $refunded) = @_;
    my $back = delete $refunded->{$row->{id}};
    my $name = "refund $row->{number}";

    if (!$back) {
        differs($seen, $row->{payment_id}, "$name: succeeded, but was not paid"
                . ' back') if $row->{state} eq 's' && $row->{sandbox}
                              && $row->{way} ne 'm';
        return;
    }

    if ($row->{state} ne 's') {
        differs($seen, $row->{payment_id}, "$name: paid back, but its state is"
                . " $row->{state}");

    } elsif ($back ne "$row->{amount} $row->{currency}") {
        differs($seen, $row->{payment_id}, "$name: paid back $back, not"
                . " $row->{amount} $row->{currency}");
    }
}

# All legs of a currency, added by the database: nothing is lost on the way.
# Then what was counted and settled of them.

sub check_sums {
    my ($dbh, $seen) = @_;
    my $sums = $dbh->selectall_arrayref(q{
        select currency, sum(amount) from balance
         group by currency having sum(amount) <> 0 order by currency});

    for my $sum (@$sums) {
        $seen->{differences}++;
        print "$sum->[0]: the ledger's sum is $sum->[1]\n";
    }

    for my $difference (wrong_sums($dbh)) {
        $seen->{differences}++;
        print "$difference\n";
    }
}

1;
