#!/usr/bin/perl

# A worker dies while a merchant charges a known subscriber.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Crash qw(crash_at settled claims table);
use Test::More;

my $t = Carrierpay::Test->start(operator => 'timeout 1s; settle 4s;');
my $subscriber = $t->subscriber('33600000001');
my $order = $t->order(confirm => JSON::PP::true, subscriber => $subscriber);

for my $point (map { ("charge.$_:before", "charge.$_:after") }
               qw(begin eligible operator finish))
{
    crash_at($t, $point, sub {
        $t->api(POST => '/v1/payments', $order, idempotency => $point);
    });

    # the merchant got no answer and asks again with his key

    my $again;

    ok($t->wait_for(sub {
        $t->due_now();
        $again = $t->api(POST => '/v1/payments', $order,
                         idempotency => $point);
        return $again->{status} == 201;
    }, 30), "$point: the same key gets an answer");
    settled($t, $point, $again->{json}{id});
    claims($t, $point, $again->{json}{id});
}

table();
