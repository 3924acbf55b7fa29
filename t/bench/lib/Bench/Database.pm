package Bench::Database;

# The database "carrierpay" is a template with the schema, a merchant, its
# subscribers and the payments of the past; what is measured has a copy of it.

use strict;
use warnings;

use Bench::Process qw(command);
use Exporter qw(import);
use Time::HiRes qw(sleep);

our @EXPORT_OK = qw(sql fresh drop must_be_durable opened written difference);

# of the payments later than one

my %BOOKS = (
    payments  => 'select count(*) from carrierpay.payment where id > %s',
    succeeded => "select count(*) from carrierpay.payment"
                 . " where id > %s and state = 's'",
    amount    => 'select coalesce(sum(amount), 0) from carrierpay.payment'
                 . ' where id > %s',
    journals  => 'select count(*) from carrierpay.journal'
                 . ' where payment_id > %s',
    sum       => 'select coalesce(sum(leg), 0) from carrierpay.journal,'
                 . ' unnest(amounts) leg where payment_id > %s',
    due       => 'select count(*) from carrierpay.payment_due'
                 . ' where payment_id > %s',
);

sub sql {
    my ($services, $database, @statements) = @_;

    my $out = command('psql', '-XAtq', '-v', 'ON_ERROR_STOP=1',
                      '-h', $services->dir('postgres'), '-U', 'postgres',
                      '-d', $database, map { ('-c', $_) } @statements);
    chomp($out);

    return $out;
}

# A copy of files is not logged, and ends in a checkpoint, so that what one
# variant wrote is not flushed on the next one's account.

sub fresh {
    my ($services, $database) = @_;

    sql($services, 'postgres', "create database $database"
        . ' template carrierpay strategy file_copy');

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

# What stands in the books before a measurement.

sub opened {
    my ($services, $database) = @_;

    return {
        last => sql($services, $database,
            'select coalesce(max(id), 0) from carrierpay.payment'),
        written => written($services, $database),
    };
}

# How many rows were inserted into each table so far, into all its partitions
# together, those included that have been deleted since.  PostgreSQL counts
# what a session did when it ends, so this waits for the sessions of the
# service to end.

sub written {
    my ($services, $database) = @_;
    my $end = time() + 20;

    sleep(0.02) while time() < $end && sql($services, 'postgres',
        "select count(*) from pg_stat_activity where datname = '$database'"
        . " and backend_type = 'client backend'") > 0;

    return { map { split(/\|/) } split(/\n/, sql($services, $database,
        'select c.relname, sum(t.n_tup_ins) from pg_stat_user_tables t'
        . ' left join pg_inherits i on i.inhrelid = t.relid'
        . ' join pg_class c on c.oid = coalesce(i.inhparent, t.relid)'
        . " where t.schemaname = 'carrierpay' group by 1")) };
}

# Where the books differ from the number of payments that were answered, and
# the rows of each table from those that the service writes for a payment;
# nothing, when they agree.  $rows: how many it writes into each table, once
# that is known; $charges: what the operator has charged, if it was asked.

sub difference {
    my ($services, $database, $opened, $answered, $rows, $charges) = @_;
    my %count = (%{ books($services, $database, $opened->{last}) },
                 %{ $charges // {} });
    my %want = map { ($_ => $answered) }
        qw(payments succeeded journals charges);

    @want{qw(due sum not_charged)} = (0, 0, 0);
    $want{charged} = $count{amount};

    my $now = $rows ? written($services, $database) : {};

    for my $table (keys %$now) {
        my $inserted = $now->{$table} - $opened->{written}{$table};
        my $each = $rows->{$table} // 0;

        # a row now and then is of no payment, such as a worker's lease
        next if !$each && $inserted < $answered / 2;

        $count{"rows of $table"} = $inserted;
        $want{"rows of $table"} = $answered * $each;
    }

    return map { "$_ is $count{$_}, not $want{$_}" }
        grep { defined $count{$_} && $count{$_} != $want{$_} }
        sort keys %want;
}

sub books {
    my ($services, $database, $last) = @_;
    my @names = sort keys %BOOKS;
    my %book;

    @book{@names} = split(/\|/, sql($services, $database, 'select '
        . join(', ', map { '(' . sprintf($BOOKS{$_}, $last) . ')' } @names)));

    return \%book;
}

1;
