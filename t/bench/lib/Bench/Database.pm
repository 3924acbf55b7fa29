package Bench::Database;

# The database "carrierpay" is a template with the schema, a merchant and its
# subscribers; each measurement has a fresh copy of it.

use strict;
use warnings;

use Bench::Process qw(command);
use Exporter qw(import);

our @EXPORT_OK = qw(sql fresh drop must_be_durable count_rows count_charges
                    difference);

my @COUNTS = (
    succeeded => "(select count(*) from carrierpay.payment where state = 's')",
    payments  => '(select count(*) from carrierpay.payment)',
    journals  => '(select count(*) from carrierpay.journal)',
    events    => '(select count(*) from carrierpay.event)',
    consents  => '(select count(*) from carrierpay.consent)',
    owed      => '(select count(*) from carrierpay.outbox)',
    due       => '(select count(*) from carrierpay.payment_due)',
    amount    => '(select coalesce(sum(amount), 0) from carrierpay.payment)',
    sum       => '(select coalesce(sum(leg), 0)'
                 . ' from carrierpay.journal, unnest(amounts) leg)',
);

sub sql {
    my ($services, $database, @statements) = @_;

    my $out = command('psql', '-XAtq', '-v', 'ON_ERROR_STOP=1',
                      '-h', $services->dir('postgres'), '-U', 'postgres',
                      '-d', $database, map { ('-c', $_) } @statements);
    chomp($out);

    return $out;
}

# A checkpoint, so that what one variant wrote is not flushed on the next
# one's account.

sub fresh {
    my ($services, $database) = @_;

    sql($services, 'postgres',
        "create database $database template carrierpay", 'checkpoint');

    return $database;
}

sub drop {
    my ($services, $database) = @_;

    sql($services, 'postgres', "drop database $database with (force)");
}

sub must_be_durable {
    my ($services) = @_;

    for my $setting (qw(fsync synchronous_commit full_page_writes)) {
        sql($services, 'postgres', "show $setting") eq 'on'
            or die "bench: $setting is not on\n";
    }
}

sub count_rows {
    my ($services, $database) = @_;
    my %query = @COUNTS;
    my @names = sort keys %query;
    my %count;

    @count{@names} = split(/\|/, sql($services, $database,
        'select ' . join(', ', map { $query{$_} } @names)));

    return %count;
}

# What the operator has charged, by its own log.

sub count_charges {
    my ($log) = @_;
    my %count = (charges => 0, charged => 0, not_charged => 0);

    open(my $lines, '<', $log) or die "$log: $!\n";

    while (<$lines>) {
        my (undef, $what, undef, $amount) = split(/ /);

        if ($what eq 'charged') {
            $count{charges}++;
            $count{charged} += $amount;

        } else {
            $count{not_charged}++;
        }
    }

    return %count;
}

# Where the books differ from the number of payments that were answered;
# nothing, when they agree.

sub difference {
    my ($answered, %count) = @_;
    my %want = map { ($_ => $answered) }
        qw(payments succeeded journals events consents owed charges);

    @want{qw(due sum not_charged)} = (0, 0, 0);
    $want{charged} = $count{amount};

    return map { "$_ is $count{$_}, not $want{$_}" }
        grep { defined $count{$_} && $count{$_} != $want{$_} }
        sort keys %want;
}

1;
