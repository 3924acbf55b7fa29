package Bench::Search;

# The strongest form of a rival, found by short trials.

use strict;
use warnings;

use Bench::Report qw(median);
use Exporter qw(import);

our @EXPORT_OK = qw(strongest name_of);

my $FINALISTS = 3;
my $REPETITIONS = 3;

# $forms: all forms but for their size, each a hash; $sizes: [ what the size is
# called, its values ].  Each form becomes larger until that has not helped
# twice.  The best of all trials are then tried several times in turn, and the
# best median wins.  $rate->($form) measures.

sub strongest {
    my ($what, $forms, $sizes, $rate) = @_;
    my ($size, @values) = @$sizes;
    my @tried;

    for my $form (@$forms) {
        my ($top, $worse) = (0, 0);

        for my $value (@values) {
            my $one = { %$form, $size => $value };
            my $per_s = $rate->($one);

            push(@tried, [$one, $per_s]);

            $worse = $per_s > $top ? 0 : $worse + 1;
            $top = $per_s if $per_s > $top;
            last if $worse == 2;
        }
    }

    print "$what: tried ", join(', ', map { said(@$_) } @tried), "\n";

    my ($best) = by_rate(finals($rate, by_rate(@tried)));

    print "$what: the strongest is ", said(@$best), "\n";

    return $best->[0];
}

sub by_rate {
    return sort { $b->[1] <=> $a->[1] } @_;
}

sub finals {
    my ($rate, @best) = @_;
    my @forms = map { $_->[0] } @best[0 .. min($FINALISTS, scalar @best) - 1];
    my @rates;

    for (1 .. $REPETITIONS) {
        push(@{ $rates[$_] }, $rate->($forms[$_])) for 0 .. $#forms;
    }

    return map { [$forms[$_], median(@{ $rates[$_] })] } 0 .. $#forms;
}

sub min {
    my ($a, $b) = @_;

    return $a < $b ? $a : $b;
}

sub said {
    my ($form, $per_s) = @_;

    return name_of($form) . sprintf(' %.0f/s', $per_s);
}

# "cte, 2 processes x 4"

sub name_of {
    my ($form) = @_;

    return "$form->{shape}, $form->{clients} clients" if $form->{clients};
    return "$form->{shape}, $form->{processes} x $form->{pool}";
}

1;
