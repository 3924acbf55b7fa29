package Bench::Report;

# The table, the aims, and run/bench.json.

use strict;
use warnings;

use Bench::Process qw(read_file write_file);
use Exporter qw(import);
use JSON::PP;

our @EXPORT_OK = qw(median medians figures print_table print_aim print_aims
                    merge_json);

# How many times a rival's rate carrierpay's should be at 64 connections; the
# last number is for a disk that is slow to flush.

my @AIMS = (
    [ vs_node_tuned   => 'of Node, tuned',       7,    12 ],
    [ vs_node_batched => 'of Node, batched',     1.5,  undef ],
    [ vs_pgbench_best => 'of pgbench, its best', 2,    undef ],
    [ vs_copy_limit   => 'of COPY',              0.10, undef ],
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
    my $at_64 = $own->{64}{per_s};
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

    my %rival = (
        vs_node_tuned => 'node', vs_node_batched => 'node_batched',
        vs_pgbench_best => 'pgbench', vs_copy_limit => 'copy',
        vs_return_200 => 'fixed',
    );

    for my $key (keys %rival) {
        my $rate = $of->{ $rival{$key} }{64}{per_s};

        $figure{"$rival{$key}_per_s_64"} = $rate;
        $figure{$key} = $at_64 / $rate;
    }

    return \%figure;
}

sub cell {
    my ($format, $value) = @_;

    return defined $value ? sprintf($format, $value) : '';
}

# @$rows: [ variant, what it is called ]

sub print_table {
    my ($of, $rows) = @_;
    my $width = 27;

    printf("\n%-${width}s%s\n", 'at so many connections',
           join('', map { sprintf('%12s%12s', $_, '') } (16, 64, 256)));
    printf("%-${width}s%s\n", '',
           sprintf('%8s%8s%8s', 'pay/s', 'p50 ms', 'p99 ms') x 3);

    for my $row (@$rows) {
        my ($variant, $name) = @$row;

        printf("%-${width}s", $name);

        for my $connections (16, 64, 256) {
            my $one = $of->{$variant}{$connections} // {};

            printf('%8s%8s%8s', cell('%.0f', $one->{per_s}),
                   cell('%.2f', $one->{p50_ms}),
                   cell('%.2f', $one->{p99_ms}));
        }

        print "\n";
    }

    print_cpu($of, $rows);
}

sub print_cpu {
    my ($of, $rows) = @_;
    my @parts = qw(service operator postgres load);

    printf("\n%-27s%s\n", 'CPU us a payment, at 64',
           join('', map { sprintf('%10s', $_) } @parts));

    for my $row (@$rows) {
        my ($variant, $name) = @$row;
        my $cpu = $of->{$variant}{64}{cpu_us} // next;

        printf("%-27s%s\n", $name,
               join('', map { sprintf('%10.1f', $cpu->{$_}) } @parts));
    }
}

sub print_aim {
    my ($what, $format, $value, $word, $aim) = @_;
    my $met = $word eq 'below' ? $value < $aim : $value >= $aim;

    printf("%-38s %8s   aim: %s %s   %s\n", $what,
           sprintf($format, $value), $word, $aim, $met ? 'pass' : 'MISS');
}

# A slow disk has one aim of its own; the others are shown beside it.

sub print_aims {
    my ($figure, $slow) = @_;

    print "\nat 64 connections, one worker\n";

    for my $row (@AIMS) {
        my ($key, $rival, $aim, $slow_aim) = @$row;
        my $want = $slow ? $slow_aim : $aim;

        if (defined $want) {
            print_aim("payments/s, times that $rival", '%.2f',
                      $figure->{$key}, 'at least', $want);

        } else {
            printf("%-38s %8.2f\n", "payments/s, times that $rival",
                   $figure->{$key});
        }
    }

    printf("%-38s %8.2f\n", 'payments/s, times return 200',
           $figure->{vs_return_200});
    print_aim('p99, ms', '%.2f', $figure->{p99_ms_64}, 'below', 25)
        if !$slow;
    print_aim('the largest worker, MB', '%.1f', $figure->{worker_rss_mb},
              'below', 40) if !$slow;
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
