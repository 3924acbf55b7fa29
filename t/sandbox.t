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
    ['0002', 'pending', 'insufficient_funds'],
    ['0003', 'pending', 'declined_by_subscriber'],
    ['0004', 'pending', 'subscriber_blocked'],
    ['0005', 'succeeded', undef],
) {
    my ($digits, $status, $code) = @$case;
    my $payment = $t->create(reference => $digits);
    my $page = $t->checkout($payment, msisdn => "3360000$digits");
    my $receipt = $t->tap($page);
    my $after = $t->payment($payment->{id});
    my $webhook = $t->wait_for_webhook($payment->{id});

    is($after->{status}, $status, "$digits: the payment is $status");
    is($after->{failure}, undef, "$digits: the payment has no failure");
    is_deeply([map { $_->{failure}{code} } @{ $after->{attempts} }],
              [$code // ()], "$digits: an attempt that failed says why");
    is($t->charged($payment->{id}), $status eq 'succeeded' ? 1 : 0,
       "$digits: the operator has charged what succeeded");
    is($webhook->{json}{type},
       defined($code) ? 'payment.attempt_failed' : 'payment.succeeded',
       "$digits: the merchant gets a webhook");

    # after a decline the shopper is identified once more

    $receipt = $t->checkout($payment, msisdn => "3360000$digits")
        if $receipt->{status} == 303;
    is($receipt->{status}, 200, "$digits: the shopper sees a page");
    like($receipt->{body}, defined($code) ? qr/The payment was declined/
                                          : qr/Paid\. Thank you/,
         "$digits: the page says what came of it");
    cmp_ok($receipt->{seconds}, '<', 5, "$digits: the page comes in time");
}

is(scalar(grep { $_->{what} eq 'declined' } $t->operator_log()), 3,
   'the operator has logged three declines');
