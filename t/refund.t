#!/usr/bin/perl

# Refunds: wholly, in parts, once a key; what the operator refuses or leaves
# unknown; the shopper and the merchant are told, and the books balance.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use DBD::Pg qw(:async);
use Test::More;

my $t = Carrierpay::Test->start(sms => 1, operator => 'timeout 3s;');

sub refund {
    my ($payment, $body, %option) = @_;

    return $t->api(POST => "/v1/payments/$payment->{id}/refunds",
                   $body // {}, %option);
}

sub refunded {
    my ($reference) = @_;

    return scalar(grep { $_->{what} eq 'refunded' }
                  $t->operator_log($reference));
}

# The events of a payment, by the webhooks that came: type => body.

sub events {
    my ($payment) = @_;

    return map { $_->{json}{type} => $_->{json} }
           $t->webhooks($payment->{id});
}

# The whole.

my $payment = $t->pay('33600000001');
my $answer = refund($payment);
my $refund = $answer->{json};

is($answer->{status}, 201, 'a payment is refunded');
like($refund->{id}, qr/^ref_[0-9a-z]{13}$/, 'a refund has an id');
is($answer->{header}{location}, "/v1/refunds/$refund->{id}",
   'the answer says where the refund is');
is_deeply([@$refund{qw(object payment status outcome amount currency reason
                       failure livemode)}],
          ['refund', $payment->{id}, 'succeeded', undef, 499, 'EUR', undef,
           undef, JSON::PP::false], 'a refund of all that was paid');
is(refunded($refund->{id}), 1, 'the operator has paid it back once');

my $after = $t->payment($payment->{id});

is($after->{status}, 'succeeded', 'the payment stays succeeded');
is($after->{amount_refunded}, 499, 'the payment says what was paid back');
is($after->{amount_captured}, 499, 'the payment says what was taken');
is(refund($payment)->{json}{code}, 'nothing_left',
   'nothing is left to refund');
is(refund($payment)->{json}{param}, undef, 'which no parameter is wrong for');
$t->wait_ok(sub { my %e = events($payment); $e{'payment.refunded'} },
            'the merchant is told');

my %event = events($payment);
my $told = $event{'payment.refunded'};

is($told->{data}{amount_refunded}, 499, 'the webhook has the payment');
is_deeply($told->{refund}, $refund, 'the webhook has the refund');
is($told->{sequence}, 3, 'the event follows those of the payment');
is($event{'payment.succeeded'}{data}{amount_refunded}, 0,
   'the event of before has the payment as it was');
$t->wait_ok(sub {
    grep { $_->{text} =~ /4[.,]99/ && $_->{text} =~ /paid back|rembours/ }
        $t->sms('33600000001');
}, 'the shopper gets an SMS');

# In parts, with a reason, once a key.

$payment = $t->pay('33600000001');

my $first = refund($payment, { amount => 100, reason => 'Came broken' },
                   idempotency => 'part');
my $second = refund($payment, { amount => 100, reason => 'Came broken' },
                    idempotency => 'part');

is($first->{json}{status}, 'succeeded', 'a part is refunded');
is($first->{json}{reason}, 'Came broken', 'with a reason');
is($second->{json}{id}, $first->{json}{id}, 'the same key is the same refund');
is($second->{header}{'idempotent-replayed'}, 'true', 'and says so');
is(refunded($first->{json}{id}), 1, 'it was paid back once');

my $other = refund($payment, { amount => 101 }, idempotency => 'part');

is("$other->{status} $other->{json}{code}", '422 idempotency_mismatch',
   'a key with another body is refused');
$other = refund($payment, { amount => 400 });
is("$other->{status} $other->{json}{code}", '422 amount_too_large',
   'more than is left is refused');
is($other->{json}{param}, 'amount', 'the refusal names the amount');
is(refund($payment, { amount => 399 })->{json}{status}, 'succeeded',
   'the rest is refunded');
is($t->payment($payment->{id})->{amount_refunded}, 499, 'all is paid back');
is_deeply([map { $_->{amount} } @{ $t->api(
               GET => "/v1/payments/$payment->{id}/refunds")->{json}{data} }],
          [100, 399], 'they are listed, the oldest first');

# Many at once: never more than was paid.

$payment = $t->pay('33600000001');

my @sent = map {
    $t->api_send(POST => "/v1/payments/$payment->{id}/refunds",
                 { amount => 100 })
} 1 .. 12;
my @made = grep { $_->{status} == 201 } map { $t->receive($_) } @sent;

is(scalar(@made), 4, 'of twelve refunds of 1.00 at once four fit into 4.99');
is($t->payment($payment->{id})->{amount_refunded}, 400,
   'the payment has four of them');

# A key that is used for two payments at once.

my @two = map { $t->pay('33600000001') } 1, 2;
my @dbh = map { $t->dbh() } 1, 2;
my @begin = map {
    $dbh[$_]->prepare('select result from carrierpay.refund_begin(?,'
        . " 1, false, ?, 1, null, md5('two')::uuid, md5(?)::uuid)",
        $_ ? { pg_async => PG_ASYNC } : {})
} 0, 1;
my @id = map { Carrierpay::Test::private_id($_->{id}) } @two;

$dbh[0]->begin_work();
$begin[0]->execute($id[0] + 1, $id[0], 'first');
$begin[1]->execute($id[1] + 1, $id[1], 'second');
$t->wait_ok(sub {
    $t->value('select count(*) from pg_stat_activity'
              . " where wait_event_type = 'Lock'");
}, 'the second one waits for the first');
$dbh[0]->commit();
$begin[1]->pg_result();
is($begin[1]->fetchrow_array(), 'mismatch', 'it is refused as any later one');
is($begin[0]->fetchrow_array(), 'processing', 'the first one is made');
$_->finish() for @begin;
$_->disconnect() for @dbh;

# Reading.

my $list = $t->api(GET => "/v1/payments/$payment->{id}/refunds")->{json};

is(scalar(@{ $list->{data} }), 4, 'the refunds of a payment are listed');
is($t->api(GET => "/v1/payments/$_->[0]/refunds")->{status}, $_->[1],
   "the refunds of $_->[2]")
    for [$t->create()->{id}, 200, 'a payment without any'],
        ['pay_0000000000001', 404, 'no payment'];
is_deeply([sort(map { $_->{id} } @{ $list->{data} })],
          [sort(map { $_->{json}{id} } @made)], 'those that were made');
is_deeply($t->api(GET => "/v1/refunds/$made[0]{json}{id}")->{json},
          $made[0]{json}, 'one is read by its id');
is($t->api(GET => '/v1/refunds/ref_0000000000001')->{status}, 404,
   'a refund that is not there');
is($t->api(GET => "/v1/refunds/$payment->{id}")->{status}, 404,
   'the id of a payment is none of a refund');

# What is not refunded.

my $pending = $t->create();

$other = refund($pending);
is("$other->{status} $other->{json}{code}", '422 not_refundable',
   'a payment that has not succeeded');
is($t->api(POST => '/v1/payments/pay_0000000000001/refunds', {})->{status},
   404, 'a payment that is not there');

for my $wrong ({ amount => 0 }, { amount => -1 }, { amount => 1.5 },
               { amount => '100' }, { reason => "a\nb" }, { sum => 1 }) {
    is(refund($payment, $wrong)->{status}, 400,
       'a body that is wrong: ' . join(' ', %$wrong));
}

is(refund($payment, {}, idempotency => undef)->{json}{code},
   'idempotency_key_missing', 'a refund needs a key');

# What the operator says of it.

$payment = $t->pay('33600000021');
$refund = refund($payment)->{json};
is($refund->{status}, 'failed', 'the operator refuses a refund');
is($refund->{failure}{code}, 'refund_not_allowed', 'with its code');
is($t->payment($payment->{id})->{amount_refunded}, 0, 'nothing is paid back');
$t->wait_ok(sub { my %e = events($payment); $e{'payment.refund_failed'} },
            'the merchant is told that the refund has failed');
is(refund($payment)->{json}{status}, 'failed', 'it may be asked for again');

$payment = $t->pay('33600000022');
$refund = refund($payment)->{json};
is($refund->{status}, 'processing', 'the operator does not answer');
is($refund->{outcome}, 'unknown', 'the outcome is unknown');
is(refund($payment)->{json}{code}, 'nothing_left',
   'what is unknown counts as paid back');
$t->sql('update carrierpay.refund_due set due_at = carrierpay.now_ms()');
$t->wait_ok(sub {
    $t->api(GET => "/v1/refunds/$refund->{id}")->{json}{status} eq 'succeeded';
}, 'a worker finds out what became of it');
is(refunded($refund->{id}), 1, 'the operator has paid it back once');
is($t->metric('carrierpay_refunds_total{event="failed"}'), 2,
   'refunds that failed are counted');

# By hand, since the contract says so.

$t->admin('contract', 'end', $t->value('select id from carrierpay.contract'
    . " where operator = 'demo_fr' and valid_to is null"), '--to=2026-01-01');
$t->admin('contract', 'add', 'Demo shop', 'demo_fr', '--share=3000',
          '--fee=500', '--from=2026-01-01', '--refund=manual');
$payment = $t->pay('33600000001');
$refund = refund($payment, { amount => 99 })->{json};
is($refund->{status}, 'pending', 'people pay it back');
like($t->admin('refund', 'list'), qr/^\Q$refund->{id}\E\s+\Q$payment->{id}\E
     .*\bmanual\s+pending\s+99\s+EUR\b/mx, 'they find it in a list');
$t->admin('refund', 'done', $refund->{id}, '--reference=BANK-1');
is($t->api(GET => "/v1/refunds/$refund->{id}")->{json}{status}, 'succeeded',
   'they say that it is done');
is($t->payment($payment->{id})->{amount_refunded}, 99,
   'the payment says what was paid back');
is(refunded($refund->{id}), 0, 'the operator was not asked');
ok(!eval { $t->admin('refund', 'done', $refund->{id}); 1 },
   'what is done is not done again');
