package Carrierpay::Test::Compare;

# Compares what the service's own code makes of many inputs with what another
# implementation makes of them: t/NAME/compare.py, which drives a program of
# t/unit.

use strict;
use warnings;

use Carrierpay::Test::Services qw(root);
use Exporter qw(import);

our @EXPORT_OK = qw(compare);

# Becomes the comparison, with these arguments; does not return.

sub compare {
    my ($name, $program, @arguments) = @_;
    my $root = root();

    delete(@ENV{grep { /^MAKE|^MFLAGS$/ } keys(%ENV)});

    system('make', '-s', '-C', "$root/t/unit", $name) == 0
        or die "$program does not build\n";

    exec('/usr/bin/python3', "$root/t/$name/compare.py",
         "$root/build/unit/$program", @arguments) or die "python3: $!\n";
}

1;
