#!/usr/bin/perl

# A payment that no shopper confirms in time expires; the merchant is told,
# and it cannot be paid any more.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Test::More;

my $t = Carrierpay::Test->start();
my $payment = $t->create();
my $page = $t->checkout($payment);
my $id = $payment->{id};

$t->expire($id);

my $late = $t->tap($page);

unlike($late->{body}, qr/<button/,
       'a tap that is too late gets a page without a button');
ok($t->wait_for_status($id, 'expired'), 'the payment has expired');
is($t->payment($id)->{next_action}, undef, 'no action is left');
is($t->wait_for_webhook($id)->{json}{type}, 'payment.expired',
   'the merchant gets a webhook');
is(scalar($t->operator_log()), 0, 'the operator has charged nothing');

my $again = $t->checkout($payment);

is($again->{status}, 200, 'the link of an expired payment shows a page');
unlike($again->{body}, qr/<form/,
       'the page of an expired payment has nothing to confirm');
