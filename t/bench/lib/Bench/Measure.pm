package Bench::Measure;

# One measurement each: a service under load, pgbench, COPY.  Every one has a
# database of its own and dies when the books do not agree.

use strict;
use warnings;

use Bench::Database qw(sql fresh drop count_rows count_charges difference);
use Bench::Process qw(command);
use Bench::Seed qw(admin);
use Exporter qw(import);
use JSON::PP qw(decode_json);

our @EXPORT_OK = qw(measure_service measure_fixed measure_pgbench
                    measure_copy);

my $PGBENCH = '/usr/lib/postgresql/15/bin/pgbench';

# the tables that a payment leaves a row in, and the one it passes through

my %ROWS = (
    payment     => 'select * from carrierpay.payment',
    payment_due => 'select id, created + 60000, null::bigint, 0'
                   . ' from carrierpay.payment',
    consent     => 'select * from carrierpay.consent',
    journal     => 'select * from carrierpay.journal',
    event       => 'select * from carrierpay.event',
    outbox      => 'select * from carrierpay.outbox',
);

my $runs = 0;

# Node compiles what is hot, PostgreSQL plans; half as long again is enough.

sub warm_up {
    my ($seconds) = @_;

    return int(($seconds + 1) / 2);
}

sub load {
    my ($bench, $path, $connections, $seconds) = @_;

    return decode_json(command(
        $bench->{services}->dir('bin/load'), $bench->{port}, $path,
        $connections, warm_up($seconds), $seconds, "$$-" . ++$runs,
        $bench->{key}, $bench->{subscribers}));
}

sub must_agree {
    my ($what, @differences) = @_;

    die "bench: $what: the books do not agree: "
        . join('; ', @differences) . "\n" if @differences;
}

sub must_be_answered {
    my ($what, $load) = @_;

    die "bench: $what: $load->{other} bad answers, $load->{broken} broken"
        . " connections, $load->{succeeded} of $load->{sent} succeeded\n"
        if $load->{succeeded} != $load->{sent};
}

# $service: name, start($database), stop(), and cpu() of all its processes.

sub measure_service {
    my ($bench, $service, $connections, $seconds) = @_;
    my $services = $bench->{services};
    my $what = "$service->{name} at $connections connections";
    my $database = fresh($services, 'bench_' . ($runs + 1));

    $services->start_nginx('operator', module => $bench->{module});
    $service->{start}->($database);

    my %meter = (
        service => $service->{cpu},
        operator => sub { $services->cpu('operator') },
        postgres => sub { $services->cpu('postgres') },
    );
    my %before = map { ($_ => $meter{$_}->()) } keys %meter;
    my $load = load($bench, '/v1/payments', $connections, $seconds);

    for my $part (keys %meter) {
        $load->{cpu_us}{$part} = ($meter{$part}->() - $before{$part}) * 1e6
                                 / $load->{sent};
    }

    $load->{cpu_us}{load} = $load->{cpu_s} * 1e6 / $load->{sent};
    $load->{rss_mb} = $service->{rss}->() if $service->{rss};

    $service->{stop}->();
    $services->stop('operator');

    must_be_answered($what, $load);
    must_agree($what, difference($load->{succeeded},
        count_rows($services, $database),
        count_charges($services->dir('operator/charges.log'))));

    if ($service->{examine}) {
        examine($services, $database);
        save_rows($services, $database, $load->{succeeded});
    }

    drop($services, $database);

    return $load;
}

# Beyond the numbers: every leg computed again, and every charge compared.

sub examine {
    my ($services, $database) = @_;

    admin($services, $database)->('journal', 'check', '--operator-log='
        . $services->dir('operator/charges.log'));
}

# What the listener does when nothing stands behind it.

sub measure_fixed {
    my ($bench, $edge, $connections, $seconds) = @_;
    my $services = $bench->{services};

    $edge->{start}->('carrierpay');

    my $load = load($bench, '/fixed', $connections, $seconds);

    $edge->{stop}->();
    must_be_answered('return 200', $load);

    return $load;
}

sub pgbench {
    my ($bench, $database, $clients, $seconds, $base) = @_;
    my $now = int(time() * 1000);
    my $text = command($PGBENCH, '-n', '-M', 'prepared', '-T', $seconds,
        '-c', $clients, '-j', $clients < 2 ? 1 : 2,
        '-h', $bench->{services}->dir('postgres'), '-U', 'carrierpay',
        '-f', "$bench->{root}/t/bench/pgbench.sql", '-D', 'n=0',
        '-D', 'base=' . ($base + (($now - 1735689600000) << 22)),
        '-D', "merchant=$bench->{merchant}",
        '-D', "first=$bench->{first_pseudonym}",
        '-D', "pseudonyms=$bench->{pseudonyms}",
        '-D', 'expires=' . ($now + 900000),
        '-D', "body=$bench->{body}", $database);

    $text =~ /number of transactions actually processed: (\d+)/
        or die "bench: pgbench: $text\n";
    my $payments = $1;

    $text =~ /tps = ([\d.]+)/ or die "bench: pgbench: $text\n";

    return ($payments, $1);
}

sub measure_pgbench {
    my ($bench, $clients, $seconds) = @_;
    my $services = $bench->{services};
    my $database = fresh($services, 'bench_' . ++$runs);
    my ($warm) = pgbench($bench, $database, $clients,
                         warm_up($seconds), 0);
    my ($payments, $per_s) = pgbench($bench, $database, $clients, $seconds,
                                     1 << 40);

    must_agree("pgbench with $clients clients",
        difference($warm + $payments, count_rows($services, $database)));
    drop($services, $database);

    return { per_s => $per_s };
}

# The rows of a measurement, for COPY to read.

sub save_rows {
    my ($services, $database, $payments) = @_;
    my $dir = $services->dir('postgres/rows');

    mkdir($dir);
    $services->service('own', $dir);

    sql($services, $database, map {
        "copy ($ROWS{$_}) to '$dir/$_' (format binary)"
    } sort keys %ROWS);

    $services->{saved_rows} = $payments;
}

# The same rows into tables with the same columns and indexes, but without
# checks and triggers, table after table, one durable commit at the end: as
# fast as this PostgreSQL stores a payment.

sub measure_copy {
    my ($bench) = @_;
    my $services = $bench->{services};
    my $database = fresh($services, 'bench_' . ++$runs);
    my $dir = $services->dir('postgres/rows');
    my $clock = 'select extract(epoch from clock_timestamp())';
    my @tables = sort keys %ROWS;

    sql($services, $database, 'create schema bench', map {
        "create table bench.$_ (like carrierpay.$_ including indexes)"
    } @tables);
    sql($services, $database, 'checkpoint');

    my ($start, $end) = split(/\n/, sql($services, $database, $clock, 'begin',
        (map { "copy bench.$_ from '$dir/$_' (format binary)" } @tables),
        'commit', $clock));

    drop($services, $database);

    return { per_s => $services->{saved_rows} / ($end - $start) };
}

1;
