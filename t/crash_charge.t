#!/usr/bin/perl

# A worker dies while a merchant charges a known subscriber.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Crash qw(crash_at settled claims table);
use Test::More;

my $t = Carrierpay::Test->start(operator => 'timeout 3s; settle 6s;');
my $subscriber = $t->subscriber('33600000001');

for my $point (map { ("charge.$_:before", "charge.$_:after") }
               qw(begin eligible operator finish))
{
    crash_at($t, $point, sub {
        $t->charge_known($subscriber, idempotency => $point);
    });

    # The merchant got no answer and asks again with the same key.

    my $again;

    $t->wait_ok(sub {
        $t->due_now();
        $again = $t->charge_known($subscriber, idempotency => $point);
        return $again->{status} == 201;
    }, "$point: the same key gets an answer");
    settled($t, $point, $again->{json}{id});
    claims($t, $point, $again->{json}{id});
}

table();
