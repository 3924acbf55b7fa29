#!/usr/bin/perl

# A worker dies while it pays back, captures or releases. The merchant asks
# again, and everything is done once.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Crash qw(crash_at);
use Test::More;

my $t = Carrierpay::Test->start(operator => 'timeout 3s; settle 6s;');
my $subscriber = $t->subscriber('33600000001');
my @table;

sub points {
    my ($flow, @rows) = @_;

    return map { ("$flow.$_:before", "$flow.$_:after") } @rows;
}

# How often the operator did this; a journal, and a webhook of this type.

sub once {
    my ($point, $reference, $what, $payment, $operation, $type) = @_;
    my $done = grep { $_->{what} eq $what } $t->operator_log($reference);
    my $posted = $t->value('select count(*) from carrierpay.journal'
        . ' where payment_id = ? and operation = ?',
        Carrierpay::Test::private_id($payment), $operation);

    $t->wait_ok(sub { grep { $_->{json}{type} eq $type }
                      $t->webhooks($payment) },
                "$point: the merchant is told");
    is($done, 1, "$point: the operator has done it once");
    is($posted, $operation ? 1 : 0, "$point: it is posted once")
        if defined($operation);
    push(@table, [$point, $what, $done, $posted]);
}

for my $point (points('refund', qw(begin operator finish))) {
    my $payment = $t->pay('33600000001');
    my $ask = sub {
        return $t->api(POST => "/v1/payments/$payment->{id}/refunds",
                       { amount => 100 }, idempotency => $point);
    };
    my $refund;

    crash_at($t, $point, $ask);
    $t->wait_ok(sub {
        $t->due_now();
        $refund = $ask->()->{json};
        return ($refund->{status} // '') eq 'succeeded';
    }, "$point: the same key gets the refund");
    is($t->payment($payment->{id})->{amount_refunded}, 100,
       "$point: it is paid back once");
    once($point, $refund->{id}, 'refunded', $payment->{id}, 2,
         'payment.refunded');
}

for my $point (points('refund_recover', qw(operator finish))) {
    my $payment = $t->pay('33600000022');
    my $refund = $t->api(POST => "/v1/payments/$payment->{id}/refunds",
                         {})->{json};

    is($refund->{outcome}, 'unknown', "$point: the operator did not answer");
    crash_at($t, $point, sub { $t->due_now() });
    $t->wait_ok(sub {
        $t->due_now();
        return ($t->api(GET => "/v1/refunds/$refund->{id}")->{json}{status}
                // '') eq 'succeeded';
    }, "$point: another worker finds out what became of it");
    once($point, $refund->{id}, 'refunded', $payment->{id}, 2,
         'payment.refunded');
}

for my $case (['capture', 'capture', 'succeeded', 'captured', 1],
              ['release', 'cancel', 'canceled', 'voided', 0])
{
    my ($flow, $what, $status, $done, $operation) = @$case;

    for my $point (points($flow, $flow, qw(operator finish))) {
        my $payment = $t->charge_known($subscriber, capture => 'manual',
                                       idempotency => $point)->{json};
        my $ask = sub {
            return $t->api(POST => "/v1/payments/$payment->{id}/$what", {});
        };

        crash_at($t, $point, $ask);
        $t->wait_ok(sub {
            $t->due_now();
            return ($ask->()->{json}{status} // '') eq $status;
        }, "$point: asked again, the payment is $status");
        once($point, $payment->{id}, $done, $payment->{id}, $operation,
             "payment.$status");
    }
}

diag(sprintf('%-32s %-9s %4s %6s', qw(point what done posted)));
diag(sprintf('%-32s %-9s %4s %6s', @$_)) for @table;
