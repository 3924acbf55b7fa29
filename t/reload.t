#!/usr/bin/perl

# Reloads under traffic: no payment is lost, none is refused.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Test::More;

my $t = Carrierpay::Test->start(sandbox => 'delay=500ms');
my $fast = $t->subscriber('33600000001');
my $slow = $t->subscriber('33600000005');
my %statuses;
my @ids;

# Ten rounds of four charges at once; the slow ones are in flight during the
# reload.

for my $round (1 .. 10) {
    my @sent = map { $t->charge_known_send($_) } $fast, $slow, $slow, $fast;

    ok($t->reload(), "reload $round") if $round % 3 == 0;

    for my $answer (map { $t->receive($_) } @sent) {
        $statuses{"$answer->{status} " . ($answer->{json}{status} // '')}++;
        push(@ids, $answer->{json}{id}) if $answer->{status} == 201;
    }
}

is_deeply(\%statuses, { '201 succeeded' => 40 }, 'all were charged');
is($t->charged($_), 1, "$_: once") for @ids;
