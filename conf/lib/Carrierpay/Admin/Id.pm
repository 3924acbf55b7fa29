package Carrierpay::Admin::Id;

# Identifiers: 41 bits of ms, 10 of the worker's number, 7 of a sequence, 5 of
# the cell. In public they have a prefix, "pay_", and 13 digits of base32.

use strict;
use warnings;

use Exporter qw(import);
use Time::HiRes qw(time);

our @EXPORT_OK = qw($BASE32 identifiers public_id private_id);

our $BASE32 = '0123456789abcdefghjkmnpqrstvwxyz';

my $EPOCH_MS = 1735689600000;          # 2025-01-01
my $SEQUENCES = 128;

# A function that gives fresh ones, of this worker's number and this cell.

sub identifiers {
    my ($worker, $cell) = @_;
    my ($ms, $sequence) = (int(time() * 1000) - $EPOCH_MS, 0);

    return sub {
        if ($sequence == $SEQUENCES) {
            $ms++;
            $sequence = 0;
        }

        return $ms << 22 | $worker << 12 | $sequence++ << 5 | $cell;
    };
}

sub public_id {
    my ($prefix, $id) = @_;

    return $prefix . join('', map { substr($BASE32, $id >> 5 * $_ & 31, 1) }
                                  reverse 0 .. 12);
}

sub private_id {
    my ($text) = @_;
    my $id = 0;

    $id = $id << 5 | $_
        for unpack('C*', substr($text, 4)
                         =~ tr/0-9a-hjkmnp-tv-z/\x00-\x1f/r);

    return $id;
}

1;
