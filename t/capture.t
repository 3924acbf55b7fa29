#!/usr/bin/perl

# Payments in two steps: reserved, captured wholly or in part, or released by
# the merchant or by time; and payments that the merchant cancels.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Test::More;

my $t = Carrierpay::Test->start(operator => 'timeout 3s;');
my $subscriber = $t->subscriber('33600000001');

sub act {
    my ($payment, $what, $body) = @_;

    return $t->api(POST => "/v1/payments/$payment->{id}/$what", $body // {});
}

sub logged {
    my ($payment) = @_;

    return join(' ', map { $_->{what} } $t->operator_log($payment->{id}));
}

sub told {
    my ($payment) = @_;

    return join(' ', sort(map { $_->{json}{type} }
                          $t->webhooks($payment->{id})));
}

# A shopper reserves; the merchant captures.

my $payment = $t->create(capture => 'manual');

is($payment->{capture}, 'manual', 'a payment in two steps is made');

my $page = $t->checkout($payment);

like($page->{body}, qr/>Reserve .*4\.99<.*The amount is reserved now/s,
     'the page says that the tap reserves');
like($t->checkout($t->create(capture => 'manual', locale => 'fr'))->{body},
     qr/>R\S+server 4,99/, 'in French, too');
$page = $t->tap($page);

like($page->{body}, qr/data-state="authorized"/,
     'the shopper sees that the payment is reserved');
like($page->{body}, qr/class="price">.*4\.99/, 'and how much of it');
$payment = $t->payment($payment->{id});
is($payment->{status}, 'authorized', 'the payment is authorized');
is($payment->{amount_captured}, 0, 'nothing is taken yet');
is(logged($payment), 'reserved', 'the operator has reserved it');
$t->wait_ok(sub { told($payment) =~ /payment\.authorized/ },
            'the merchant is told');

my $answer = act($payment, 'capture');

is($answer->{status}, 200, 'it is captured');
is($answer->{json}{status}, 'succeeded', 'the payment has succeeded');
is($answer->{json}{amount_captured}, 499, 'the whole is taken');
is(logged($payment), 'reserved captured', 'the operator has taken it once');
$t->wait_ok(sub { told($payment) =~ /payment\.succeeded/ },
            'the merchant is told of the capture');
is(act($payment, 'capture')->{json}{status}, 'succeeded',
   'the same capture again shows the payment');
is(logged($payment), 'reserved captured', 'and takes nothing');
$answer = act($payment, 'capture', { amount => 1 });
is("$answer->{status} $answer->{json}{code}", '422 not_authorized',
   'another capture is refused');

# A known subscriber, in part, and what is taken can be refunded.

$payment = $t->charge_known($subscriber, capture => 'manual')->{json};
is($payment->{status}, 'authorized', 'a known subscriber is reserved');
$answer = act($payment, 'capture', { amount => 500 });
is("$answer->{status} $answer->{json}{code}", '422 amount_too_large',
   'more than is reserved is refused');
$answer = act($payment, 'capture', { amount => 200 });
is($answer->{json}{status}, 'succeeded', 'a part is captured');
is($answer->{json}{amount_captured}, 200, 'the payment says how much');
is(act($payment, 'refunds', { amount => 201 })->{json}{code},
   'amount_too_large', 'no more than that is refunded');
is(act($payment, 'refunds')->{json}{amount}, 200, 'that is refunded');

# 20 of 499 are 5.01 of the operator's share, 8.34 with the tax, and 9.74 with
# the fee: these sums are rounded, and the books are checked at the end.

$payment = $t->charge_known($subscriber, capture => 'manual')->{json};
$answer = act($payment, 'capture', { amount => 20 });
is(join(' ', @{ $answer->{json} }{qw(operator_share tax fee net)}),
   '5 3 2 10', 'the parts of a part add up');
is(act($payment, 'refunds', { amount => 7 })->{json}{status}, 'succeeded',
   'some of it is refunded');

# The shopper sees what was taken, not what was reserved, and what came back.

$payment = $t->create(capture => 'manual');
$t->tap($t->checkout($payment));
act($payment, 'capture', { amount => 200 });
$page = $t->checkout($payment);
like($page->{body}, qr/class="price">.*2\.00/, 'the receipt shows that part');
unlike($page->{body}, qr/4\.99|Paid back/, 'and nothing else');
is(act($payment, 'refunds', { amount => 50 })->{json}{status}, 'succeeded',
   'some of it is refunded');
like($t->checkout($payment)->{body}, qr/Paid back<.*0\.50/,
     'the receipt shows that, too');

# The answer to a key is that of the first time.

my @field = (capture => 'manual', idempotency => 'reserved once');
my @first = map { $t->charge_known($subscriber, @field) } 1, 2;

is($first[1]{header}{'idempotent-replayed'}, 'true', 'the key was used');
is($first[1]{body}, $first[0]{body}, 'a reservation is answered the same');
is($first[0]{json}{expires}, $t->payment($first[0]{json}{id})->{expires},
   'and says how long it lasts');
act($first[0]{json}, 'capture', { amount => 100 });
is($t->charge_known($subscriber, @field)->{body}, $first[0]{body},
   'also when a part was captured');

# Released.

$payment = $t->charge_known($subscriber, capture => 'manual')->{json};
$answer = act($payment, 'cancel');
is($answer->{status}, 200, 'a reservation is voided');
is($answer->{json}{status}, 'canceled', 'the payment is canceled');
is(logged($payment), 'reserved voided', 'the operator has released it');
is(act($payment, 'cancel')->{json}{status}, 'canceled',
   'the same again shows the payment');
is(act($payment, 'capture')->{json}{code}, 'not_authorized',
   'what was released is not captured');

$payment = $t->charge_known($subscriber, capture => 'manual')->{json};
$t->sql('update carrierpay.payment_due set due_at = carrierpay.now_ms()'
        . ' where payment_id = ?',
        Carrierpay::Test::private_id($payment->{id}));
$t->wait_for_status($payment->{id}, 'expired');
is(logged($payment), 'reserved voided',
   'what is not captured in time is released');
$t->wait_ok(sub { told($payment) =~ /payment\.expired/ },
            'the merchant is told that it has expired');

# Canceled before it began, or when it cannot be.

$payment = $t->create();
$answer = act($payment, 'cancel');
is("$answer->{status} $answer->{json}{status}", '200 canceled',
   'a pending payment is canceled');
is($t->metric('carrierpay_payments_total{event="canceled"}'), 2,
   'canceled payments are counted');
$payment = $t->pay('33600000001');
$answer = act($payment, 'cancel');
is("$answer->{status} $answer->{json}{code}", '409 not_cancelable',
   'what has succeeded is not canceled');
is(act($payment, 'capture')->{json}{code}, 'not_authorized',
   'nor captured');
is($t->api(POST => '/v1/payments/pay_0000000000001/cancel', {})->{status},
   404, 'a payment that is not there');
is(act($payment, 'cancel', { amount => 1 })->{status}, 400,
   'a cancellation has no amount');
$answer = $t->api(POST => '/v1/payments', $t->order(capture => 'later'));
is("$answer->{status} $answer->{json}{detail}",
   '400 capture must be automatic or manual.',
   'there is no other way to capture');

# What the operator says of it.

$t->expect(qr/says "void_refused" of payment "\S+", which is recorded as/);

for my $case (
    ['0002', undef, 'pending', 'declined'],
    ['0023', 'capture', 'failed', 'reserved'],
    ['0024', 'capture', 'succeeded', 'reserved captured'],
    ['0025', 'cancel', 'canceled', 'reserved'],
    ['0026', 'cancel', 'canceled', 'reserved voided'],
) {
    my ($digits, $what, $status, $log) = @$case;

    $payment = $t->create(capture => 'manual', reference => $digits);
    $t->tap($t->checkout($payment, msisdn => "3360000$digits"));
    act($payment, $what) if $what;
    $t->wait_for(sub {
        $t->due_now();
        return $t->payment($payment->{id})->{status} eq $status;
    }, "$digits: the payment is $status");
    is(logged($payment), $log, "$digits: the operator has done that once");
}

is($t->value('select string_agg(kind, ?) from carrierpay.incident', ' '),
   'void_refused', 'a refused release is an incident');
is($t->metric('carrierpay_incidents_total'), 1, 'which is counted');
$t->sql('update carrierpay.incident set resolved_at = carrierpay.now_ms(),'
        . ' owner = ?', 'test');
