#!/usr/bin/perl

# No answer from the operator: unknown, never failed, never sent again, and
# recovery finds out what happened. Where nothing was charged, the payment
# waits for another attempt.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Services qw(write_file);
use Test::More;

my $t = Carrierpay::Test->start(
    operator => 'timeout 1s; settle 4s;', sandbox => 'delay=2s');

# The operator answers for 0005 after our timeout, charges 0006 without an
# answer, and does not hear of 0007.

my %case = (
    '0005' => { status => 'succeeded', charged => 1 },
    '0006' => { status => 'succeeded', charged => 1 },
    '0007' => { status => 'pending', charged => 0 },
);

for my $digits (sort(keys(%case))) {
    my $payment = $t->create(reference => $digits);
    my $page = $t->checkout($payment, msisdn => "3360000$digits");
    my $answer = $t->tap($page);
    my $after = $t->payment($payment->{id});

    $case{$digits}{id} = $payment->{id};
    is($answer->{status}, 200, "$digits: the shopper sees a page");
    like($answer->{body}, qr/waiting|not yet|still|soon/i,
         "$digits: the page does not say that the payment failed");
    like($answer->{body}, qr{<dd class="code">$payment->{id}</dd>},
         "$digits: the page has the reference");
    like($answer->{body}, qr{href="https://shop\.example/r\?payment=
         $payment->{id}&amp;status=processing"}x,
         "$digits: the page leads back to the shop");
    unlike($answer->{body}, qr/We will text you/,
           "$digits: the page promises no SMS where none can be sent");
    is($after->{status}, 'processing', "$digits: the payment is processing");
    is($after->{outcome}, 'unknown', "$digits: the outcome is unknown");
    is($after->{failure}, undef, "$digits: the payment has no failure");
}

is(scalar($t->webhooks()), 0,
   'the merchant gets no webhook before the outcome is known');

for my $digits (sort(keys(%case))) {
    my ($id, $status, $charged) = @{ $case{$digits} }{qw(id status charged)};

    ok($t->wait_for_status($id, $status), "$digits: recovery finds $status");

    my $after = $t->payment($id);

    is($after->{outcome}, undef,
       "$digits: the outcome is not unknown any more");
    is($t->charged($id), $charged,
       "$digits: the operator has charged $charged times");
    is(scalar(grep { $_->{what} eq 'duplicate' } $t->operator_log($id)), 0,
       "$digits: the charge was not sent twice");
    is($t->wait_for_webhook($id)->{json}{type},
       $charged ? 'payment.succeeded' : 'payment.attempt_failed',
       "$digits: the merchant gets a webhook");
}

is($t->payment($case{'0007'}{id})->{attempts}[0]{failure}{code},
   'operator_unavailable',
   '0007: the attempt has failed with operator_unavailable');

# The operator is away: nothing was sent, so the outcome is certain.

$t->expect(qr/\[crit\].*connect\(\) to unix:\S+none\.sock failed/);

my $gone = $t->configuration()
           =~ s/server unix:\S+\/sandbox/server unix:$t->{dir}\/none/r;

write_file("$t->{dir}/nginx.conf", $gone);
ok($t->reload(), 'an operator without a listener is configured');

my $failed = $t->pay('33600000001');

is($failed->{status}, 'pending',
   'an attempt at an operator that is not there fails at once');
is($failed->{attempts}[0]{failure}{code}, 'operator_unavailable',
   'an attempt at an operator that is not there has the failure '
   . 'operator_unavailable');
