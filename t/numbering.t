#!/usr/bin/perl

# Numbers as people type them, of 21 countries, read by the service's own code
# and by libphonenumber: 100,000 of them, or as many as the first argument
# says, from the seed of the second.

use strict;
use warnings;

use FindBin;

my $unit = "$FindBin::Bin/unit";

delete @ENV{grep { /^MAKE|^MFLAGS$/ } keys %ENV};

system('make', '-s', '-C', $unit, 'numbering') == 0
    or die "the reader does not build\n";

exec('/usr/bin/python3', "$FindBin::Bin/numbering/compare.py",
     "$FindBin::Bin/../build/unit/numbering", @ARGV)
    or die "python3: $!\n";
