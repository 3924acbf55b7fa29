package Bench::Measure;

# One measurement each: a service under load, pgbench, COPY.  Every one dies
# when the books do not agree.  Unless it is told a database, it has a copy of
# its own.
#
# A measurement says the rate and, where it can, the latencies, and what CPU
# time each part has taken for a payment, in the time that the rate is of.

use strict;
use warnings;

use Bench::Database qw(fresh drop opened difference);
use Bench::Process qw(command cpu_seconds read_file write_file);
use Bench::Rows qw(copy_rows keep_rows);
use Bench::Seed qw(admin);
use Exporter qw(import);
use JSON::PP qw(decode_json);
use Time::HiRes qw(time);

our @EXPORT_OK = qw(measure_service measure_fixed measure_pgbench
                    measure_copy measure_kept);

my $PGBENCH = '/usr/lib/postgresql/15/bin/pgbench';

my $runs = 0;

# Node compiles what is hot, PostgreSQL plans; half as long again is enough.

sub warm_up {
    my ($seconds) = @_;

    return int(($seconds + 1) / 2);
}

# %$meter: part => the CPU seconds that it has taken so far

sub look {
    my ($meter) = @_;

    return map { ($_ => $meter->{$_}->()) } keys %$meter;
}

sub cpu_us {
    my ($before, $after, $payments) = @_;

    return { map { ($_ => ($after->{$_} - $before->{$_}) * 1e6 / $payments) }
             keys %$before };
}

sub load {
    my ($bench, $path, $connections, $seconds, %meter) = @_;
    my $pid = open(my $pipe, '-|', $bench->{services}->dir('bin/load'),
        $bench->{port}, $path, $connections, warm_up($seconds), $seconds,
        "$$-" . ++$runs, $bench->{key}, $bench->{subscribers})
        // die "bench: load: $!\n";
    my (%at, $told);

    $meter{load} = sub { cpu_seconds($pid) };

    while (<$pipe>) {
        if (/^(from|to)$/) {
            $at{$1} = { look(\%meter) };

        } else {
            $told = decode_json($_);
        }
    }

    close($pipe) && $told && $told->{measured}
        or die "bench: the load has measured nothing\n";

    $told->{cpu_us} = cpu_us(@at{qw(from to)}, $told->{measured});

    return $told;
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

    return \%count;
}

# Calls with the name of a database: the one that is told, or a new one.

sub in_database {
    my ($bench, $database, $measure) = @_;

    return $measure->($database) if defined $database;

    my $own = fresh($bench->{services}, 'bench_' . ++$runs);
    my $result = $measure->($own);

    drop($bench->{services}, $own);

    return $result;
}

# $service: name, start($database), stop(), and cpu() of all its processes.
# $done->($database, $payments) looks at the database when all is over.

sub measure_service {
    my ($bench, $service, $connections, $seconds, $database, $done) = @_;
    my $services = $bench->{services};
    my $what = "$service->{name} at $connections connections";

    return in_database($bench, $database, sub {
        my ($database) = @_;
        my $opened = opened($services, $database);

        $services->start_nginx('operator', module => $bench->{module});
        $service->{start}->($database);

        my $load = load($bench, '/v1/payments', $connections, $seconds,
            service => $service->{cpu},
            operator => sub { $services->cpu('operator') },
            postgres => sub { $services->cpu('postgres') });

        $load->{rss_mb} = $service->{rss}->() if $service->{rss};

        $service->{stop}->();
        $services->stop('operator');

        must_be_answered($what, $load);
        must_agree($what, difference($services, $database, $opened,
            $load->{succeeded}, $bench->{rows},
            count_charges($services->dir('operator/charges.log'))));
        $done->($database, $load->{succeeded}) if $done;

        return $load;
    });
}

# carrierpay in a database without a past.  Beyond the numbers every leg is
# computed again and every charge is compared; then the rows are kept, by
# which all variants are measured.  Returns the number of payments.

sub measure_kept {
    my ($bench, $edge, $seconds) = @_;
    my $services = $bench->{services};
    my $kept;

    measure_service($bench, $edge, 64, $seconds, undef, sub {
        my ($database, $payments) = @_;

        admin($services, $database)->('journal', 'check', '--operator-log='
            . $services->dir('operator/charges.log'));
        $bench->{rows} = keep_rows($services, $database, $payments);
        $kept = $payments;
    });

    return $kept;
}

# What the listener does when nothing stands behind it.

sub measure_fixed {
    my ($bench, $edge, $connections, $seconds) = @_;

    $edge->{start}->('carrierpay');

    my $load = load($bench, '/fixed', $connections, $seconds,
                    service => $edge->{cpu});

    $edge->{stop}->();
    must_be_answered('return 200', $load);

    return $load;
}

# The statements of a shape, with the values that a service would make in its
# own program made by PostgreSQL.

sub pgbench_script {
    my ($bench, $shape) = @_;
    my $dir = "$bench->{root}/t/bench";
    my $file = $bench->{services}->dir('pgbench.sql');
    my $sql = join("\n", map { read_file("$dir/sql/$shape/$_.sql") }
                   qw(create finish));
    my %value = (key => 'md5(:id::text)', return_url => 'null',
                 metadata => 'null', code => 'null');

    $sql =~ s/(?<!:):(\w+)(?=::)/$value{$1} \/\/ ":$1"/ge;
    write_file($file, read_file("$dir/pgbench.sql") . $sql);

    return $file;
}

sub pgbench {
    my ($bench, $how, $database, $seconds) = @_;
    my $now = int(time() * 1000);
    my %given = (
        n => 0, base => ($now - 1735689600000) << 22,
        merchant => $bench->{merchant}, live => 'false', amount => 499,
        currency => 'EUR', description => '100 coins',
        reference => 'order-00000000', request => '0' x 32,
        first => $bench->{first_pseudonym},
        pseudonyms => $bench->{pseudonyms}, expires => $now + 900000,
        outcome => 'succeeded',
        operator_reference => 'op_00000000000000000000',
    );
    my $text = command($PGBENCH, '-n', '-M', 'prepared', '-T', $seconds,
        '-c', $how->{clients}, '-j', $how->{clients} < 2 ? 1 : 2,
        '-h', $bench->{services}->dir('postgres'), '-U', 'rival',
        '-f', pgbench_script($bench, $how->{shape}),
        (map { ('-D', "$_=$given{$_}") } sort keys %given), $database);

    $text =~ /number of transactions actually processed: (\d+)/
        or die "bench: pgbench: $text\n";
    my $payments = $1;

    $text =~ /tps = ([\d.]+)/ or die "bench: pgbench: $text\n";

    return ($payments, $1);
}

# %$how: shape, clients

sub measure_pgbench {
    my ($bench, $how, $seconds, $database) = @_;
    my $services = $bench->{services};
    my %meter = (
        postgres => sub { $services->cpu('postgres') },
        load => sub { my @times = times(); $times[2] + $times[3] },
    );

    return in_database($bench, $database, sub {
        my ($database) = @_;
        my $opened = opened($services, $database);
        my ($warm) = pgbench($bench, $how, $database, warm_up($seconds));
        my %before = look(\%meter);
        my ($payments, $per_s) = pgbench($bench, $how, $database, $seconds);
        my %after = look(\%meter);

        must_agree("pgbench, $how->{shape}, $how->{clients} clients",
            difference($services, $database, $opened, $warm + $payments,
                       $bench->{rows}));

        return { per_s => $per_s,
                 cpu_us => cpu_us(\%before, \%after, $payments) };
    });
}

sub measure_copy {
    my ($bench) = @_;
    my $services = $bench->{services};
    my %meter = (postgres => sub { $services->cpu('postgres') });

    return in_database($bench, undef, sub {
        my ($database) = @_;
        my %before = look(\%meter);
        my $seconds = copy_rows($services, $database, $bench->{rows});
        my %after = look(\%meter);

        return { per_s => $bench->{kept} / $seconds,
                 cpu_us => cpu_us(\%before, \%after, $bench->{kept}) };
    });
}

1;
