package Bench::Rows;

# The rows that carrierpay writes for a payment.  They are kept once, and then
# serve as the measure for all variants, as the payments of the past, and for
# COPY to read.

use strict;
use warnings;

use Bench::Database qw(sql written);
use Bench::Process qw(read_file);
use Exporter qw(import);

our @EXPORT_OK = qw(keep_rows preload copy_rows);

# Of the past, one subscriber and pseudonym for so many payments.

my $PAYMENTS_EACH = 4;

# Rows that a payment passes through, as they were, and queues.  The past has
# left these empty; of spend it has two rows for each of its subscribers.

my %QUEUE = (
    outbox      => 'select * from carrierpay.outbox',
    spend       => 'select * from carrierpay.spend',
);

# Called with a database in which carrierpay made $payments and nothing else.
# Returns how many rows each table has got for a payment.

sub keep_rows {
    my ($services, $database, $payments) = @_;
    my $written = written($services, $database);
    my $dir = $services->dir('postgres/rows');
    my %rows;

    mkdir($dir);
    $services->service('own', $dir);

    for my $table (keys %$written) {
        my $each = sprintf('%.0f', $written->{$table} / $payments);

        $rows{$table} = $each if $each > 0;
    }

    sql($services, $database, map {
        'copy (' . ($QUEUE{$_} // "select * from carrierpay.$_")
        . ") to '$dir/$_' (format binary)"
    } sort keys %rows);

    return \%rows;
}

# Makes the past of the template: $count payments and more, which are the kept
# ones over and over, each time older.  An identifier of a payment tells the
# time, so older is smaller; keys are new ones.  The subscribers of the past
# are others than those who pay now.

sub preload {
    my ($services, $rows, $kept, $count) = @_;
    my $dir = $services->dir('postgres/rows');
    my @tables = grep { !$QUEUE{$_} } sort keys %$rows;
    my $turns = int(($count + $kept - 1) / $kept);
    my $of_each = int(($count + $turns - 1) / $turns);

    sql($services, 'carrierpay',
        'create schema bench',
        (map { ("create unlogged table bench.$_ (like carrierpay.$_)",
                "copy bench.$_ from '$dir/$_' (format binary)") } @tables),
        'create table bench.kept as select id from bench.payment'
            . " order by id limit $of_each",
        'create table bench.turn as select turn, turn * (select max(id)'
            . ' - min(id) + 1 from bench.kept) as ago'
            . " from generate_series(1, $turns) turn",
        'analyze bench.kept');

    sql($services, 'carrierpay',
        (map { older($services, $_) } @tables),
        subscribers($services, int($count / $PAYMENTS_EACH)),
        'set client_min_messages = warning',
        'drop schema bench cascade');

    sql($services, 'carrierpay', 'vacuum (freeze, analyze)');
}

sub older {
    my ($services, $table) = @_;
    my @columns = split(/\n/, sql($services, 'carrierpay',
        'select attname, case when attname in (\'id\', \'payment_id\','
        . ' \'attempt\') then \'id\' when attname = \'period\' then \'period\''
        . ' else atttypid::regtype::text end from pg_attribute'
        . " where attrelid = 'carrierpay.$table'::regclass and attnum > 0"
        . ' and not attisdropped'));
    my (@names, @values, $id);

    for my $column (@columns) {
        my ($name, $type) = split(/\|/, $column);

        $id //= $name if $type eq 'id';
        push(@names, $name);
        push(@values, $type eq 'id' ? "r.$name - t.ago"
                      : $type eq 'period'
                      ? 'carrierpay.id_period(r.payment_id - t.ago)'
                      : $type eq 'uuid' ? 'gen_random_uuid()' : "r.$name");
    }

    return "insert into carrierpay.$table (" . join(', ', @names) . ') select '
        . join(', ', @values) . " from bench.turn t, bench.$table r"
        . " where r.$id in (select id from bench.kept)"
        . " order by t.turn desc, r.$id";
}

sub subscribers {
    my ($services, $count) = @_;
    my $sql = read_file("$services->{root}/t/bench/sql/subscribers.sql");

    return $sql =~ s/:count/$count/gr;
}

# The kept rows into the tables that they came from, without checks, table
# after table, one durable commit at the end: as fast as this PostgreSQL stores
# a payment.  Returns the seconds.

sub copy_rows {
    my ($services, $database, $rows) = @_;
    my $dir = $services->dir('postgres/rows');
    my $clock = 'select extract(epoch from clock_timestamp())';

    sql($services, $database, split(/\n/, sql($services, $database,
        "select format('alter table %s drop constraint %I',"
        . ' conrelid::regclass, conname) from pg_constraint'
        . " where contype = 'c' and coninhcount = 0"
        . " and connamespace = 'carrierpay'::regnamespace")));

    my ($start, $end) = split(/\n/, sql($services, $database, $clock, 'begin',
        (map { "copy carrierpay.$_ from '$dir/$_' (format binary)" }
             sort keys %$rows), 'commit', $clock));

    return $end - $start;
}

1;
