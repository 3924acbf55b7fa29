#!/usr/bin/perl

# The sandbox operator's magic numbers that answer.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Test::More;

my $t = Carrierpay::Test->start(sandbox => 'delay=700ms');

for my $case (
    ['0001', 'succeeded', undef],
    ['4711', 'succeeded', undef],
    ['0002', 'failed', 'insufficient_funds'],
    ['0003', 'failed', 'declined_by_subscriber'],
    ['0004', 'failed', 'subscriber_blocked'],
    ['0005', 'succeeded', undef],
) {
    my ($digits, $status, $code) = @$case;
    my $payment = $t->create(reference => $digits);
    my $page = $t->checkout($payment, msisdn => "3360000$digits");
    my $receipt = $t->tap($page);
    my $after = $t->payment($payment->{id});
    my $webhook = $t->wait_for_webhook($payment->{id});

    is($after->{status}, $status, "$digits: the payment has $status");
    is($after->{failure}{code}, $code, "$digits: the failure has its code")
        if defined($code);
    is($after->{failure}, undef,
       "$digits: the payment has no failure") if !defined($code);
    is($t->charged($payment->{id}), $status eq 'succeeded' ? 1 : 0,
       "$digits: the operator has charged what succeeded");
    is($webhook->{json}{type}, "payment.$status",
       "$digits: the merchant gets a webhook");
    is($receipt->{status}, 200, "$digits: the shopper sees a page");
    cmp_ok($receipt->{seconds}, '<', 5, "$digits: the page comes in time");
}

is(scalar(grep { $_->{what} eq 'declined' } $t->operator_log()), 3,
   'the operator has logged three declines');
