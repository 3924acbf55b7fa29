package Carrierpay::Admin::Chargeback;

# Chargebacks: what operators have taken back of payments, as they report it,
# one by one or in a file, and what they give back after all.

use strict;
use warnings;
use re '/a';                           # a digit is one of ten

use Carrierpay::Admin qw(%option fail limit rows);
use Carrierpay::Admin::Database qw(cells database in_cell operator row
                                  table);
use Carrierpay::Admin::Id qw($BASE32 private_id public_id);
use Carrierpay::Admin::Payment qw(known_payment);
use Carrierpay::Admin::RecordFile qw(open_lines read_reference refuse);
use Exporter qw(import);
use Time::Local qw(timegm);

our @EXPORT_OK = qw(%BEARERS chargeback_add chargeback_load chargeback_list
                    chargeback_reverse);

# the ledger's letters

our %BEARERS = (merchant => 'm', platform => 'p', operator => 'o');

my %REASONS = (chargeback => 'c', non_payment => 'n', fraud => 'f',
               error => 'e');
my @STATES = qw(held charged_back reversed);

# What is wrong with a chargeback, by the word of the ledger, and in which
# column of a file.

my %WRONG = (
    not_found        => ['payment', 'there is no such payment'],
    other_operator   => ['payment', 'a payment of another operator'],
    other_currency   => ['currency', 'the payment has another currency'],
    not_succeeded    => ['payment', 'the payment has not succeeded'],
    amount_too_large => ['amount', 'more than is left of the payment'],
    nothing_left     => ['amount', 'nothing is left of the payment'],
    mismatch         => ['reference', 'it was reported with another payment,'
                         . ' amount or reason'],
);

# What reads each column of a file, see open_lines.

my @READERS = (
    [payment => sub {
        my ($row, $value) = @_;

        return 'not pay_...'
            if $value !~ /^(pay_[$BASE32]{13})(?:-([1-9]\d{0,3}))?$/;
        @$row{qw(payment attempt)} = (private_id($1), $2 // 1);
        return undef;
    }],
    [amount => sub {
        my ($row, $value) = @_;

        return 'no amount in minor units' if $value !~ /^[1-9]\d{0,14}$/;
        $row->{amount} = $value;
        return undef;
    }],
    [reason => sub {
        my ($row, $value) = @_;

        $row->{reason} = $REASONS{$value}
            // return 'none of ' . join(', ', sort keys %REASONS);
        return undef;
    }],
    [reference => \&read_reference],
    [date => sub {
        my ($row, $value) = @_;
        my ($year, $month, $day) = $value =~ /^(\d{4})-(\d\d)-(\d\d)$/
            or return 'no date as "2027-01-31"';

        eval { timegm(0, 0, 0, $day, $month - 1, $year) }
            // return 'there is no such day';
        $row->{date} = $value;
        return undef;
    }],
    [currency => sub {
        my ($row, $value) = @_;

        return 'no currency of ISO 4217' if $value !~ /^[A-Z]{3}$/;
        $row->{currency} = $value;
        return undef;
    }, 'optional'],
);

# The reference that an option gives, or undef.

sub given_reference {
    my %row;

    return undef if !defined $option{reference};

    my $wrong = read_reference(\%row, $option{reference});

    fail("--reference: $wrong") if defined $wrong;
    return $row{reference};
}

# One chargeback.  Returns the row of the ledger's answer.

sub report {
    my (@values) = @_;

    return database()->selectrow_hashref('select * from'
        . ' chargeback_add(?, ?, ?, ?, ?, ?, ?)', undef, @values);
}

sub chargeback_add {
    my ($payment) = @_;
    my $id = known_payment($payment);
    my $amount = $option{amount};
    my $reference = given_reference();
    my $reason = $REASONS{$option{reason} // 'chargeback'}
        // fail('--reason is none of ' . join(', ', sort keys %REASONS));

    fail('--amount is no amount in minor units')
        if defined $amount && $amount !~ /^[1-9]\d{0,14}$/;

    my $done = report($id, $amount, $reason, $reference, undef, undef,
                      undef);

    if (my $why = $WRONG{$done->{result}}) {
        fail("$why->[1]" . ($done->{result} eq 'amount_too_large'
             ? ": $done->{rest}" : ''));
    }

    return rows([qw(payment number amount result)],
                [public_id('pay_', $id), @$done{qw(number amount result)}]);
}

# All of a file, or nothing.  Payments are locked in the order of their ids, as
# the service locks them.  Of several databases each has its payments; should
# one of them be lost at the end, the file can be loaded again.

sub chargeback_load {
    my ($operator, $file) = @_;
    my %begun;
    my %seen = map { $_ => 0 } qw(charged_back held already);
    my @rows;

    operator($operator);

    my $next = open_lines($file, ',', @READERS);

    while (my $row = $next->()) {
        push(@rows, $row);
    }

    for my $row (sort { $a->{payment} <=> $b->{payment}
                        || $a->{line} <=> $b->{line} } @rows) {
        my $cell = $row->{payment} & 31;

        refuse($file, $row->{line}, @{$WRONG{not_found}})
            if cells() > 1 && $cell >= cells();
        in_cell($cell);
        $begun{database()} //= begun(database());

        my $done = report(@$row{qw(payment amount reason reference)},
                          $operator, @$row{qw(currency date)});
        my $why = $WRONG{$done->{result}} // other_attempt($row);

        refuse($file, $row->{line}, @$why) if $why;
        $seen{$done->{result}}++;
    }

    $_->commit() for values %begun;

    return rows([qw(operator rows charged_back held already)],
                [$operator, scalar(@rows),
                 @seen{qw(charged_back held already)}]);
}

sub begun {
    my ($dbh) = @_;

    $dbh->begin_work();

    return $dbh;
}

# An operator that names an attempt means that one, and not the payment's last.

sub other_attempt {
    my ($row) = @_;
    my ($attempt) = row('select coalesce(attempts, 0) + 1 from payment'
                        . ' where id = ?', $row->{payment});

    return $attempt == $row->{attempt} ? undef
        : ['payment', 'not the attempt by which the payment has succeeded'];
}

# The newest first.

sub chargeback_list {
    my @where = 'true';
    my @values;

    if (defined $option{payment}) {
        push(@where, 'payment_id = ?');
        push(@values, known_payment($option{payment}));
    }

    if (defined $option{operator}) {
        push(@where, 'operator = ?');
        push(@values, $option{operator});
    }

    if (defined $option{state}) {
        fail("\"$option{state}\" is not a state: " . join(', ', @STATES))
            if !grep { $_ eq $option{state} } @STATES;
        push(@where, 'state = ?');
        push(@values, $option{state});
    }

    my $at = "to_char(to_timestamp(%s / 1000.0) at time zone 'UTC',"
        . " 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')";

    return rows([qw(payment number operator reference day amount currency
                    reason bearer fee state reported reversed)],
        map { $_->[0] = public_id('pay_', $_->[0]); $_ } table('
            select payment_id, number, operator, reference, day, amount,
                   currency, reason, bearer, fee, state, '
                   . sprintf($at, 'reported') . ', '
                   . sprintf($at, 'reversed') . '
              from chargeback_view
             where ' . join(' and ', @where) . '
             order by reported desc, number desc limit ?', @values, limit()));
}

sub chargeback_reverse {
    my ($payment, $number) = @_;
    my $id = known_payment($payment);
    my $reference = given_reference();
    my ($result) = $number =~ /^\d{1,4}$/
        ? row('select result from chargeback_reverse(?, ?, ?)', $id, $number,
              $reference) : 'not_found';

    fail("no chargeback $number of \"$payment\": see \"chargeback list\"")
        if $result eq 'not_found';
    fail('it was taken back before') if $result eq 'already';

    return 0;
}

1;
