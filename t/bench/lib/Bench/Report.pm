package Bench::Report;

# The table, the aims, and run/bench.json.

use strict;
use warnings;

use Bench::Process qw(read_file write_file);
use Exporter qw(import);
use JSON::PP;

our @EXPORT_OK = qw(median medians figures print_table print_aim print_aims
                    merge_json);

# What carrierpay is held to; the last number is for a disk that is slow to
# flush.  What has no aim is shown beside the others.

my @AIMS = (
    [ 'at 64 connections' ],
    [ cpu_vs_node_plain => 'CPU of Node, plain, in times ours', 9 ],
    [ vs_node_plain => 'payments/s, times that of Node, plain', 5.5 ],
    [ vs_node_batched => 'of Node, batched', 1.8 ],
    [ vs_node_tuned => 'of Node, our functions', 7, 12 ],
    [ vs_pgbench_plain => 'of pgbench, plain', 3 ],
    [ vs_pgbench_best => 'of pgbench, our functions', 2 ],
    [ vs_copy_limit => 'of COPY', 0.15 ],
    [ vs_return_200 => 'of return 200' ],
    [ p99_ms_best_64 => 'p99, ms', '<12' ],
    [ 'at 256 connections' ],
    [ vs_node_plain_256 => 'payments/s, times that of Node, plain', 7 ],
    [ 'at all' ],
    [ worker_rss_mb => 'the largest worker, MB', '<40' ],
);

# The variant behind each ratio.  Those that call our functions are called
# "node" and "pgbench" in run/bench.json.

my %RIVALS = (
    vs_node_plain => 'node_plain', vs_node_batched => 'node_batched',
    vs_node_tuned => 'node', vs_pgbench_plain => 'pgbench_plain',
    vs_pgbench_best => 'pgbench', vs_copy_limit => 'copy',
    vs_return_200 => 'fixed',
);

sub median {
    my @sorted = sort { $a <=> $b } @_;

    return ($sorted[$#sorted / 2] + $sorted[@sorted / 2]) / 2;
}

# The median of each figure of several measurements.

sub medians {
    my @runs = @_;
    my %middle;

    for my $figure (qw(per_s p50_ms p99_ms rss_mb)) {
        my @values = grep { defined } map { $_->{$figure} } @runs;

        $middle{$figure} = median(@values) if @values;
    }

    for my $part (keys %{ $runs[0]{cpu_us} // {} }) {
        $middle{cpu_us}{$part} = median(map { $_->{cpu_us}{$part} } @runs);
    }

    return \%middle;
}

# %$of: variant => connections => medians

sub figures {
    my ($of, $fdatasync_us) = @_;
    my $own = $of->{edge};
    my %figure = (fdatasync_us => $fdatasync_us, worker_rss_mb => 0);

    for my $connections (keys %$own) {
        my $one = $own->{$connections};
        my $two = $of->{edge_2}{$connections};

        $figure{"payments_per_s_$connections"} = $one->{per_s};
        $figure{"p50_ms_$connections"} = $one->{p50_ms};
        $figure{"p99_ms_$connections"} = $one->{p99_ms};
        $figure{"two_workers_per_s_$connections"} = $two->{per_s};
        $figure{"two_workers_p50_ms_$connections"} = $two->{p50_ms};
        $figure{"two_workers_p99_ms_$connections"} = $two->{p99_ms};

        for my $rss ($one->{rss_mb}, $two->{rss_mb}) {
            $figure{worker_rss_mb} = $rss if $rss > $figure{worker_rss_mb};
        }
    }

    add_ratios(\%figure, $of);

    return \%figure;
}

# carrierpay is the faster of one and two workers.

sub add_ratios {
    my ($figure, $of) = @_;
    my ($own, $own_256) = map { faster($of->{edge}{$_}, $of->{edge_2}{$_}) }
                          64, 256;

    for my $key (keys %RIVALS) {
        my $variant = $RIVALS{$key};
        my $rival = $of->{$variant}{64};

        $figure->{"${variant}_per_s_64"} = $rival->{per_s};
        $figure->{"${variant}_cpu_us_64"} = server_us($rival);
        $figure->{$key} = $own->{per_s} / $rival->{per_s};
    }

    $figure->{p99_ms_best_64} = $own->{p99_ms};
    $figure->{cpu_us_per_payment} = server_us($own);
    $figure->{cpu_vs_node_plain} = server_us($of->{node_plain}{64})
                                   / server_us($own);
    $figure->{vs_node_plain_256} = $own_256->{per_s}
                                   / $of->{node_plain}{256}{per_s};
}

sub faster {
    my ($one, $two) = @_;

    return $one->{per_s} >= $two->{per_s} ? $one : $two;
}

# What a payment costs the servers: the service, where there is one, and
# PostgreSQL, where there is one.

sub server_us {
    my ($medians) = @_;
    my $cpu = $medians->{cpu_us};

    return ($cpu->{service} // 0) + ($cpu->{postgres} // 0);
}

sub cell {
    my ($format, $value) = @_;

    return defined $value ? sprintf($format, $value) : '';
}

# @$rows: [ variant, what it is called ].  The CPU time of the servers, which
# is compared, is that of the service and of PostgreSQL; the load and the
# sandbox operator share the machine with them.

sub print_table {
    my ($of, $rows) = @_;

    for my $connections (16, 64, 256) {
        printf("\n%-27s%s%s\n", '', ' ' x 28,
               'CPU us a payment  of the servers       beside them');
        printf("%-27s%8s%8s%8s%12s%10s%10s%10s%8s\n",
               "at $connections connections", 'pay/s', 'p50 ms', 'p99 ms',
               'servers', 'service', 'postgres', 'operator', 'load');

        for my $row (@$rows) {
            my ($variant, $name) = @$row;
            my $one = $of->{$variant}{$connections} // next;
            my $cpu = $one->{cpu_us};

            printf("%-27s%8s%8s%8s%12s%10s%10s%10s%8s\n", $name,
                   cell('%.0f', $one->{per_s}), cell('%.2f', $one->{p50_ms}),
                   cell('%.2f', $one->{p99_ms}),
                   cell('%.1f', server_us($one)),
                   map { cell('%.1f', $cpu->{$_}) }
                       qw(service postgres operator load));
        }
    }
}

sub print_aim {
    my ($what, $format, $value, $word, $aim) = @_;
    my $met = $word eq 'below' ? $value < $aim : $value >= $aim;

    printf("%-38s %8s   aim: %s %s   %s\n", $what,
           sprintf($format, $value), $word, $aim, $met ? 'pass' : 'MISS');
}

sub print_aims {
    my ($figure, $slow) = @_;

    print "\nthe faster of one and two workers\n";

    for my $row (@AIMS) {
        my ($key, $what, $aim, $slow_aim) = @$row;
        my $want = $slow ? $slow_aim : $aim;

        if (!defined $what) {
            print "$key\n";

        } elsif (!defined $want) {
            printf("%-38s %8.2f\n", $what, $figure->{$key});

        } elsif ($want =~ /^<(.*)/) {
            print_aim($what, '%.2f', $figure->{$key}, 'below', $1);

        } else {
            print_aim($what, '%.2f', $figure->{$key}, 'at least', $want);
        }
    }
}

# A run with a slow disk adds to the file, under names of its own.

sub merge_json {
    my ($file, $figure, $slow) = @_;
    my $known = -e $file ? decode_json(read_file($file)) : {};
    my $prefix = $slow ? 'slow_' : '';

    for my $key (keys %$figure) {
        my $value = $figure->{$key};

        # numbers, not strings; three digits behind the point are plenty
        $known->{"$prefix$key"} = $value =~ /^-?[\d.]+(e-?\d+)?$/
            ? 0 + sprintf('%.3f', $value) : $value;
    }

    write_file($file, JSON::PP->new->canonical->pretty->encode($known));
}

1;
