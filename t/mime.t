#!/usr/bin/perl

# Mails written by the service's own code and read back by Python's: 4,000 of
# them, or as many as the first argument says, from the seed of the second.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test::Compare qw(compare);

compare('mime', 'mime-write', @ARGV);
