#!/usr/bin/perl

# What is sold, for which amounts, and what each side has of it: categories,
# price points, and the parts of a payment in the API and the webhook.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Test::More;

my $t = Carrierpay::Test->start();
my @parts = qw(operator_share tax fee net);

# A payment is rated when it begins to be charged.

my $number = '33600000001';
my $pending = $t->create($t->later());

is_deeply([@$pending{@parts, 'category'}], [(undef) x 4, 'digital_content'],
          'a payment that waits is not rated yet');
$t->tap($t->checkout($pending, msisdn => $number));

my $paid = $t->payment($pending->{id});

is($paid->{status}, 'succeeded', 'the payment succeeds');
is_deeply([@$paid{@parts}], [125, 83, 30, 261],
          'a payment that has succeeded shows its parts: 20 % VAT, 30 % of the'
          . ' rest, 5 % and 0.05');
is_deeply($t->wait_for_webhook($pending->{id})->{json}{data}, $paid,
          'the webhook has the same payment');

my $subscriber = $paid->{subscriber};
my %again = (idempotency => 'rated');
my $charge = $t->charge_known($subscriber, %again);

is_deeply([@{$charge->{json}}{@parts}], [125, 83, 30, 261],
          'the answer to a charge has the parts');
is($t->charge_known($subscriber, %again)->{body}, $charge->{body},
   'the answer is repeated with the same bytes');
is_deeply($t->wait_for_webhook($charge->{json}{id})->{json}{data},
          $charge->{json}, 'the webhook of a charge has the same payment');

# What is sold.

my $tickets = $t->charge_known($subscriber, category => 'tickets');

is($tickets->{json}{category}, 'tickets', 'a payment has a category');
is($tickets->{json}{tax}, 26, 'which has its own VAT: 5.5 %');
refused($t->charge_known($subscriber, category => 'books'), 400,
        'invalid_category', 'category', 'an unknown category');
refused($t->charge_known($subscriber, category => 'physical_goods'), 422,
        'category_not_allowed', 'category', 'goods on a phone bill');
refused(order(category => 'physical_goods'), 422, 'category_not_allowed',
        'category', 'a checkout that no operator would take');
is(order(category => 'tickets')->{status}, 201,
   'a checkout that some operator takes is created');
refused(order(category => 'tickets', currency => 'XAF', amount => 500), 422,
        'category_not_allowed', 'category',
        'a category without a VAT rate in the country');
is(eligible()->{json}{category}, 'digital_content',
   'a question has the merchant\'s category');
is(eligible(category => 'physical_goods')->{json}{reason},
   'category_not_allowed', 'a question about goods is answered');
is(eligible(category => 'books')->{json}{code}, 'invalid_category',
   'a question about an unknown category is refused');

# An operator refuses what was created before: the payment waits on, and the
# shopper's page says why.

my $waits = $t->create(category => 'tickets');
my $page = $t->checkout($waits, msisdn => $number);

$t->admin('operator', 'set', 'demo_fr', '--refuses=physical_goods,tickets');

my $told = $t->tap($page);

like($told->{body}, qr/does not allow this kind of purchase/,
     'the page says that the operator does not take this');
is($t->payment($waits->{id})->{status}, 'pending',
   'the payment waits for another line');
$t->admin(qw(operator set demo_fr --refuses=physical_goods));

# The merchant's own category.

$t->admin('merchant', 'set', 'Demo shop', '--category=charity');

my $key = $t->admin('key', 'add', 'Demo shop');
my $gift = $t->charge_known($subscriber, key => $key);

is_deeply([@{$gift->{json}}{qw(category tax)}], ['charity', 0],
          'what a merchant sells is the category of its payments');

# Price points.

my $before = $t->create(amount => 333);
my $shown = $t->checkout($before, msisdn => $number);

$t->admin(qw(price add demo_fr --lowest=50 --highest=5000 --step=50));
is_deeply(refused(order(amount => 499000), 422, 'amount_not_allowed',
                  'amount', 'EUR 4,990 by up to EUR 50'), [5000],
          'the nearest amount is the highest');
is_deeply(refused($t->charge_known($subscriber, amount => 333), 422,
                  'amount_not_allowed', 'amount', 'a charge between points'),
          [300, 350], 'the nearest amounts are below and above');
is_deeply(refused(order(amount => 3), 422, 'amount_not_allowed', 'amount',
                  'too little'), [50], 'the nearest amount is the lowest');
is($t->charge_known($subscriber, amount => 350)->{json}{status}, 'succeeded',
   'a price point is charged');
is(order(amount => 499, currency => 'XAF')->{status}, 201,
   'an operator without price points takes any amount');
like($t->tap($shown)->{body}, qr/amount/i,
     'the page says that the operator does not allow this amount');
is($t->payment($before->{id})->{status}, 'pending',
   'a payment of an amount that is not allowed any more waits on');
is(eligible(amount => 333)->{json}{reason}, 'amount_not_allowed',
   'a question about an amount between price points is answered');
$t->admin(qw(price add demo_fr --any));
is($t->charge_known($subscriber, amount => 333)->{json}{status}, 'succeeded',
   'without price points any amount is charged');

# An amount that leaves the merchant nothing is refused without a neighbour.

is(refused(order(amount => 1), 422, 'amount_not_allowed', 'amount',
           'less than the fees'), undef, 'there are no nearest amounts');


sub order { return $t->api(POST => '/v1/payments', $t->order(@_)) }

sub eligible {
    return $t->api(POST => '/v1/eligibility',
                   { msisdn => "+$number", amount => 500, currency => 'EUR',
                     @_ });
}

# Four claims about an answer; returns the nearest amounts.

sub refused {
    my ($answer, $status, $code, $param, $what) = @_;

    is($answer->{status}, $status, "$what: refused with $status");
    is($answer->{json}{code}, $code, "$what: the code is $code");
    is($answer->{json}{param}, $param, "$what: the parameter is named");

    return $answer->{json}{nearest_amounts};
}
