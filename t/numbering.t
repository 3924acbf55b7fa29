#!/usr/bin/perl

# Numbers as people type them, of 21 countries, read by the service's own code
# and by libphonenumber: 100,000 of them, or as many as the first argument
# says, from the seed of the second.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test::Compare qw(compare);

compare('numbering', 'numbering', @ARGV);
