#!/usr/bin/perl

# Mails written by the service's own code and read back by Python's: 4,000 of
# them, or as many as the first argument says, from the seed of the second.

use strict;
use warnings;

use FindBin;

my $unit = "$FindBin::Bin/unit";

delete @ENV{grep { /^MAKE|^MFLAGS$/ } keys %ENV};

system('make', '-s', '-C', $unit, 'mime') == 0
    or die "the writer does not build\n";

exec('/usr/bin/python3', "$FindBin::Bin/mime/compare.py",
     "$FindBin::Bin/../build/unit/mime-write", @ARGV)
    or die "python3: $!\n";
