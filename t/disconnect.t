#!/usr/bin/perl

# A payment outlives its request: clients that leave change nothing.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Test::More;

my $t = Carrierpay::Test->start(sandbox => 'delay=1s');

# The shopper taps and closes the browser; the operator answers for 0005 after
# a second.

my $payment = $t->create($t->later());
my $page = $t->checkout($payment, msisdn => '33600000005');

$t->abandon($t->tap_send($page));
ok($t->wait_for_status($payment->{id}, 'succeeded'),
   'the shopper has left, and the payment succeeds');
is($t->charged($payment->{id}), 1,
   'the operator has charged the payment of the shopper once');
is($t->wait_for_webhook($payment->{id})->{json}{type}, 'payment.succeeded',
   'the merchant gets a webhook');

# The merchant's server drops its connection.

my $subscriber = $t->payment($payment->{id})->{subscriber};

my %dropped = (reference => 'dropped', idempotency => 'dropped');

$t->abandon($t->charge_known_send($subscriber, %dropped));
$t->wait_ok(sub {
    $t->value('select count(*) from carrierpay.journal') == 2
}, 'the merchant has left, and the payment succeeds');

my $replay = $t->charge_known($subscriber, %dropped);

is($replay->{status}, 201, 'the same key gets an answer');
is($replay->{header}{'idempotent-replayed'}, 'true', 'the answer is a replay');
is($replay->{json}{status}, 'succeeded', 'the replayed payment has succeeded');
is($t->charged($replay->{json}{id}), 1,
   'the operator has charged the payment of the merchant once');

# A charge is in flight during a graceful stop.

my $last = $t->create();
$page = $t->checkout($last, msisdn => '33600000005');

my $sent = $t->tap_send($page);

$t->wait_ok(sub { $t->charged($last->{id}) }, 'a charge is in flight');
$t->stop_nginx();
is($t->value('select count(*) from carrierpay.journal'), 3,
   'a worker that was told to quit finishes the charge');
$t->start_nginx();
is($t->payment($last->{id})->{status}, 'succeeded',
   'the payment has succeeded after the restart');
