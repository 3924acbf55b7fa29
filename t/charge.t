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

# The merchant creates a payment.

my $answer = $t->api(POST => '/v1/payments', $t->order());
my $payment = $answer->{json};
my $id = $payment->{id};

is($answer->{status}, 201, 'a payment is created');
like($id, qr/^pay_[0-9a-z]{13}$/, 'the payment has an id');
is($payment->{object}, 'payment', 'the object is a payment');
is($payment->{status}, 'pending', 'the payment is pending');
is($payment->{livemode}, JSON::PP::false, 'a test key makes a test payment');
is($payment->{outcome}, undef, 'the outcome is not unknown');
is("$payment->{amount} $payment->{currency}", '499 EUR',
   'amount and currency are those of the order');
is_deeply($payment->{metadata}, { basket => '7' },
          'the metadata are those of the order');
is($payment->{next_action}{type}, 'identify',
   'the next action is to identify the shopper');
like($payment->{next_action}{url}, qr{^http://127\.0\.0\.1:\d+/i/cs_\w},
     'the link leads to the plain listener');
like($payment->{created}, qr/^20\d\d-\d\d-\d\dT[\d:]{8}\.\d{3}Z$/,
     'the time of creation is in ISO 8601');
unlike($answer->{body}, qr/336/, 'the answer has no number');

my $get = $t->api(GET => "/v1/payments/$id");

is($get->{status}, 200, 'the merchant reads the payment');
is_deeply($get->{json}, $payment, 'reading shows the payment as creating did');

# The shopper opens the link on the operator's network.

my $bounce = $t->identify($payment);
my $page_url = $bounce->{header}{location};

is($bounce->{status}, 303, 'the link redirects');
like($page_url, qr{^https://127\.0\.0\.1:\d+/pay/cs_[\w-]+\?t=[\w-]{22}$},
     'the redirect leads to HTTPS with a single-use token');
like($bounce->{header}{'cache-control'}, qr/no-store/,
     'the redirect is not cached');
is($t->payment($id)->{status}, 'pending', 'the payment is still pending');

my $page = $t->follow($bounce);

is($page->{status}, 200, 'the page is shown');
like($page->{header}{'content-type'}, qr{^text/html}, 'the page is HTML');
like($page->{body}, qr/Demo/, 'the page shows the merchant');
like($page->{body}, qr/Coins/, 'the page shows the description');
like($page->{body}, qr/4\.99|4,99/, 'the page shows the price');
like($page->{body}, qr/bill/i,
     'the page says that the price is added to the bill');
like($page->{body}, qr/\+33\*+01/, 'the page shows the masked number');
is(() = $page->{body} =~ /<button type="submit">/g, 1,
   'the page has one button that pays');
is(() = $page->{body} =~ /<button/g, 2,
   'the page has one button more, not to pay');
unlike($page->{body}, qr/33600000001/,
       'the page does not show the whole number');
like($page->{headers}, qr/content-security-policy:.*frame-ancestors 'none'/i,
     'the page cannot be framed');
is($t->charged($id), 0, 'opening the page charges nothing');

my $again = $t->follow($bounce);

unlike($again->{body}, qr/\+33\*+01/, 'the token of the redirect works once');

# The shopper taps.

my $receipt = $t->tap($page);

is($receipt->{status}, 200, 'the tap leads to the receipt');
like($receipt->{body}, qr/4\.99|4,99/, 'the receipt shows the price');
like($receipt->{body}, qr{https://shop\.example/r},
     'the receipt leads back to the shop');

my $paid = $t->payment($id);

is($paid->{status}, 'succeeded', 'the payment has succeeded');
is($paid->{operator}, 'demo_fr',
   'the payment has the operator of the network');
like($paid->{subscriber}, qr/^sub_[0-9a-z]{13}$/,
     'the subscriber has a pseudonym');
is($paid->{next_action}, undef, 'no action is left');
is($t->charged($id), 1, 'the operator has charged once');

# A second tap, with the token that was used.

$t->tap($page);
is($t->charged($id), 1, 'a second tap charges nothing');

# The merchant gets a webhook.

my $webhook = $t->wait_for_webhook($id);

is($webhook->{verified}, JSON::PP::true, 'the webhook has a right signature');
is($webhook->{json}{type}, 'payment.succeeded',
   'the webhook has the type of a success');
is_deeply($webhook->{json}{data}, $paid,
          'the webhook has the payment as GET shows it');
like($webhook->{id}, qr/^evt_[0-9a-z]{13}_\d+$/,
     'the webhook has the id of an event');
$t->wait_ok(sub { $t->value('select count(*) from carrierpay.outbox') == 0 },
            'no webhook is owed any more');

# The ledger has the charge.

my %leg = map { $_->[0] => $_->[1] } $t->sql(
    'select account, sum(amount)::bigint from carrierpay.entry group by 1');

is($leg{'test:operator:demo_fr:receivable'}, 499,
   'the operator owes the whole price');
is($leg{'test:merchant:1:payable'} < 0, 1, 'the merchant is owed a part');

# No number is in a log or in the clear.

unlike($t->error_log(), qr/33600000001/, 'the error log has no number');
is($t->value("select count(*) from carrierpay.subscriber"
    . " where encode(msisdn, 'escape') like '%600000001%'"), 0,
   'the number is sealed in the database');
