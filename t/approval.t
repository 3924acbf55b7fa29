#!/usr/bin/perl

# The operator asks the subscriber on his handset: the payment waits for that,
# the page says so, and what he answers is found out by asking often.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Test::More;

my $t = Carrierpay::Test->start(sandbox => 'delay=2s');

my %end = (33600000008 => 'succeeded', 33600000009 => 'failed');

for my $number (sort(keys(%end))) {
    my $payment = $t->create();
    my $page = $t->tap($t->checkout($payment, msisdn => $number));
    my $waiting = $t->payment($payment->{id});

    is($waiting->{status}, 'processing', "$number: processing");
    is($waiting->{outcome}, undef, 'which is not unknown');
    is($waiting->{next_action}{type}, 'approve_on_phone', 'he has to approve');
    like($page->{body}, qr/<noscript><meta http-equiv="refresh" content="4;/,
         'the page looks again by itself');
    like($page->{body}, qr/Approve on your phone/, 'and says what to do');
    ok($t->wait_for_status($payment->{id}, 'succeeded|failed'),
       'he answers');

    my $ended = $t->payment($payment->{id});

    is($ended->{status}, $end{$number}, "$end{$number}");
    is($ended->{next_action}, undef, 'nothing is left to do');
    is($t->charged($payment->{id}), $number == 33600000008 ? 1 : 0,
       'as the operator says');
    is($t->wait_for_webhook($payment->{id})->{json}{data}{status},
       $end{$number}, 'the merchant is told');
}
