#!/usr/bin/perl

# The main job: a payment over header enrichment, from the merchant's POST to
# the receipt, the webhook and the ledger.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Test::More;

my $t = Carrierpay::Test->start();

# the merchant creates

my $answer = $t->api(POST => '/v1/payments', $t->order());
my $payment = $answer->{json};
my $id = $payment->{id};

is($answer->{status}, 201, 'created');
like($id, qr/^pay_[0-9a-z]{13}$/, 'id');
is($payment->{object}, 'payment', 'object');
is($payment->{status}, 'pending', 'pending');
is($payment->{livemode}, JSON::PP::false, 'test key, test payment');
is($payment->{outcome}, undef, 'outcome is not unknown');
is("$payment->{amount} $payment->{currency}", '499 EUR', 'amount');
is_deeply($payment->{metadata}, { basket => '7' }, 'metadata');
is($payment->{next_action}{type}, 'identify', 'the shopper must be found');
like($payment->{next_action}{url}, qr{^http://127\.0\.0\.1:\d+/i/cs_\w},
     'on the plain listener');
like($payment->{created}, qr/^20\d\d-\d\d-\d\dT[\d:]{8}\.\d{3}Z$/, 'created');
unlike($answer->{body}, qr/336/, 'no number');

my $get = $t->api(GET => "/v1/payments/$id");

is($get->{status}, 200, 'the merchant looks');
is_deeply($get->{json}, $payment, 'and sees the same');

# the shopper opens the link on the operator's network

my $bounce = $t->identify($payment);
my $page_url = $bounce->{header}{location};

is($bounce->{status}, 303, 'identified: redirected');
like($page_url, qr{^https://127\.0\.0\.1:\d+/pay/cs_[\w-]+\?t=[\w-]{22}$},
     'to HTTPS with a single-use token');
like($bounce->{header}{'cache-control'}, qr/no-store/, 'not cached');
is($t->payment($id)->{status}, 'pending', 'still pending');

my $page = $t->get($page_url);

is($page->{status}, 200, 'the page');
like($page->{header}{'content-type'}, qr{^text/html}, 'is HTML');
like($page->{body}, qr/Demo/, 'shows the merchant');
like($page->{body}, qr/Coins/, 'the description');
like($page->{body}, qr/4\.99|4,99/, 'the price');
like($page->{body}, qr/bill/i, 'that it is added to the bill');
like($page->{body}, qr/\+33\*+01/, 'the masked number');
is(() = $page->{body} =~ /<button/g, 1, 'one button');
unlike($page->{body}, qr/33600000001/, 'not the number');
like($page->{headers}, qr/content-security-policy:.*frame-ancestors 'none'/i,
     'no framing');
is($t->charged($id), 0, 'nothing charged by looking');

my $again = $t->get($page_url);

unlike($again->{body}, qr/\+33\*+01/, 'the token worked once');

# the tap

my $receipt = $t->tap($page);

is($receipt->{status}, 200, 'the receipt');
like($receipt->{body}, qr/4\.99|4,99/, 'with the price');
like($receipt->{body}, qr{https://shop\.example/r}, 'leads back to the shop');

my $paid = $t->payment($id);

is($paid->{status}, 'succeeded', 'succeeded');
is($paid->{operator}, 'demo_fr', 'at the operator of the network');
like($paid->{subscriber}, qr/^sub_[0-9a-z]{13}$/, 'by a pseudonym');
is($paid->{next_action}, undef, 'nothing left to do');
is($t->charged($id), 1, 'charged once');

# a second tap, with the token that was used

$t->tap($page);
is($t->charged($id), 1, 'a second tap charges nothing');

# the merchant is told

my $webhook = $t->wait_for_webhook($id);

is($webhook->{verified}, JSON::PP::true, 'webhook with a right signature');
is($webhook->{json}{type}, 'payment.succeeded', 'of the right type');
is_deeply($webhook->{json}{data}, $paid, 'with the payment as GET shows it');
like($webhook->{id}, qr/^evt_[0-9a-z]{13}_\d+$/, 'webhook-id');
$t->wait_ok(sub { $t->value('select count(*) from carrierpay.outbox') == 0 },
            'nothing owed any more');

# the ledger

my %leg = map { $_->[0] => $_->[1] } $t->sql(
    'select account, sum(amount)::bigint from carrierpay.entry group by 1');

is($leg{'test:operator:demo_fr:receivable'}, 499, 'the operator owes it all');
is($leg{'test:merchant:1:payable'} < 0, 1, 'the merchant gets his part');

# nobody's number lies about

unlike($t->error_log(), qr/33600000001/, 'no number in the error log');
is($t->value("select count(*) from carrierpay.subscriber"
    . " where encode(msisdn, 'escape') like '%600000001%'"), 0,
   'the number is sealed in the database');
