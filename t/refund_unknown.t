#!/usr/bin/perl

# A refund that may have reached the operator is not failed by what happens
# later, for a merchant asks again for a refund that has failed.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Test::More;

my $t = Carrierpay::Test->start(operator => 'timeout 3s; settle 6s;');

$t->expect(qr/connect\(\) to unix:\S+sandbox\.sock failed/);

sub refund {
    my ($payment) = @_;

    return $t->api(POST => "/v1/payments/$payment->{id}/refunds", {});
}

sub now_of { return $t->api(GET => "/v1/refunds/$_[0]{id}")->{json} }

sub refunded {
    my ($reference) = @_;

    return scalar(grep { $_->{what} eq 'refunded' }
                  $t->operator_log($reference));
}

# The operator has done it, and its answer was lost; then it is gone.

my $payment = $t->pay('33600000022');
my $refund = refund($payment)->{json};

is($refund->{outcome}, 'unknown', 'the operator did not answer');
is(refunded($refund->{id}), 1, 'it has paid back');
$t->stop_sandbox();
$t->due_now();
$t->wait_ok(sub {
    ($t->value('select attempts from carrierpay.refund_due where token is null'
              . ' and refund_id = ?',
              Carrierpay::Test::private_id($refund->{id})) // 0) > 1;
}, 'a worker has asked, and the operator was not there');
is(now_of($refund)->{outcome}, 'unknown', 'the outcome is unknown still');
is(refund($payment)->{json}{code}, 'nothing_left',
   'the merchant cannot ask again');
$t->start_sandbox();
$t->wait_ok(sub {
    $t->due_now();
    return now_of($refund)->{status} eq 'succeeded';
}, 'it has succeeded when the operator is back');
is(refunded($refund->{id}), 1, 'it was paid back once');

# A reversal that never reached the operator: a worker has asked for it, and
# the operator was not there. It does not know it later, so it is sent.

my $charged = $t->create();

$t->tap($t->checkout($charged, msisdn => '33600000006'));
$t->wait_ok(sub { $t->charged($charged->{id}) == 1 },
            'a charge that the operator does not answer');
$t->stop_sandbox();

# it was declined, and then charged after all

my $attempt = $t->value('select attempt from carrierpay.payment where id = ?',
                        Carrierpay::Test::private_id($charged->{id}));

$t->sql("select result from carrierpay.payment_finish(array[?::bigint],"
        . " array[?], '{declined}', '{late}', '{null}', '{null}',"
        . ' array[?::bigint])', Carrierpay::Test::private_id($charged->{id}),
        $_, $attempt)
    for qw(failed succeeded);

my $reversal = Carrierpay::Test::public_id('ref_', $attempt);

$t->wait_ok(sub {
    $t->due_now();
    ($t->value('select attempts from carrierpay.refund_due'
               . ' where refund_id = ? and token is null',
               $attempt) // 0) > 0;
}, 'a reversal that cannot be sent');
$t->start_sandbox();
$t->wait_ok(sub {
    $t->due_now();
    return now_of({ id => $reversal })->{status} eq 'succeeded';
}, 'it is sent when the operator does not know it');
is(refunded($reversal), 1, 'it is paid back once');
$t->admin(qw(incident resolve 1 --owner=anna));
