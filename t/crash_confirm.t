#!/usr/bin/perl

# A worker dies while a shopper confirms. Where the tap is lost, or recovery
# finds that nothing was charged, the shopper opens the link again and pays.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Crash qw(crash_at settled claims table);
use Test::More;

my $t = Carrierpay::Test->start(operator => 'timeout 3s; settle 6s;');

for my $point (map { ("confirm.$_:before", "confirm.$_:after") }
               qw(consume restore may_pay intend reserve begin eligible
                  operator finish))
{
    my $payment = $t->create();

    crash_at($t, $point, sub { $t->tap($t->checkout($payment)) });

    $t->tap($t->checkout($payment))
        if $t->payment($payment->{id})->{status} eq 'pending';
    settled($t, $point, $payment->{id});

    if ($t->payment($payment->{id})->{status} eq 'pending') {
        $t->tap($t->checkout($payment));
        settled($t, "$point, again", $payment->{id});
        is($t->payment($payment->{id})->{status}, 'succeeded',
           "$point: another attempt succeeds");
    }

    claims($t, $point, $payment->{id});
}

table();
