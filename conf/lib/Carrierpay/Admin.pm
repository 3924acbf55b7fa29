package Carrierpay::Admin;

# What all commands of carrierpay-admin share: the options that were given,
# how a command fails, and how it prints rows: as a table for people, or with
# --json as an array of objects. The rows of several databases are one table,
# whose first column says which one each is of.

use strict;
use warnings;

use Exporter qw(import);
use JSON::PP ();

our @EXPORT_OK = qw(%option at_failure fail gather limit rows record truth);

our %option;

my @at_failure;
my ($cell, @gathered);                 # while rows are gathered

# What is to be done before the tool ends with an error.

sub at_failure { push @at_failure, @_ }

sub fail {
    my ($why) = @_;

    $_->() for splice(@at_failure);
    print STDERR "carrierpay-admin: $why\n";
    exit 1;
}

# How many rows a list prints.

sub limit {
    my $limit = $option{limit} // 100;

    fail('--limit is not a positive number') if $limit < 1;

    return $limit;
}

# Prints rows, array references, whose columns have these names. An undefined
# value is "-" in a table and null in JSON. Returns 0.

sub rows {
    my ($names, @rows) = @_;

    if (defined $cell) {
        push @gathered, ['cell', @$names], map { [$cell, @$_] } @rows;
        return 0;
    }

    return json($names, @rows) if $option{json};

    my @table = ($names, map { [map { text($_) } @$_] } @rows);
    my @width = map { my $i = $_;
                      (sort { $b <=> $a } map { length($_->[$i]) } @table)[0] }
                    0 .. $#$names;

    for my $row (@table) {
        print join('  ', map { sprintf('%-*s', $width[$_], $row->[$_]) }
                             0 .. $#$row) =~ s/ +$//r, "\n";
    }

    return 0;
}

# Calls it for each cell of so many, and prints all of their rows. Returns the
# greatest of what it returns.

sub gather {
    my ($cells, $run) = @_;
    my ($names, $status) = (undef, 0);
    my @rows;

    for my $number (0 .. $cells - 1) {
        $cell = $number;

        my $one = $run->($number) // 0;

        $status = $one if $one > $status;
        $names = shift(@gathered) // $names;
        push @rows, splice(@gathered);
    }

    $cell = undef;
    rows($names, @rows) if $names;

    return $status;
}

# One thing, a member a line. Returns 0.

sub record {
    my ($names, @values) = @_;

    return $option{json}
        ? rows($names, [@values])
        : rows(['member', 'value'],
               map { [$names->[$_], $values[$_]] } 0 .. $#$names);
}

sub text {
    my ($value) = @_;

    return '-' if !defined $value || $value eq '';
    return $$value ? 'yes' : 'no' if ref $value;
    return $value =~ s/[\x00-\x1f\x7f]/ /gr;
}

sub json {
    my ($names, @rows) = @_;
    my $coder = JSON::PP->new->canonical;

    print '[', join(",\n", map {
        my %object;

        @object{@$names} = @$_;
        $coder->encode(\%object);
    } @rows), "]\n";

    return 0;
}

# A boolean of PostgreSQL, as JSON has it; "yes" or "no" in a table.

sub truth {
    my ($value) = @_;

    return defined $value ? $value ? \1 : \0 : undef;
}

1;
