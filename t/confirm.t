#!/usr/bin/perl

# Server to server: a subscriber who consented before is charged at once.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Test::More;

my $t = Carrierpay::Test->start();
my $subscriber = $t->subscriber('33600000001');
my $answer = $t->charge_known($subscriber);

is($answer->{status}, 201, 'charged at once');
is($answer->{json}{status}, 'succeeded', 'succeeded');
is($answer->{json}{subscriber}, $subscriber, 'by the same pseudonym');
is($answer->{json}{next_action}, undef, 'nothing for the shopper');
is($t->charged($answer->{json}{id}), 1, 'charged once');
is($t->wait_for_webhook($answer->{json}{id})->{verified}, JSON::PP::true,
   'webhook');

# without consent

my $unknown = $t->charge_known('sub_0000000000001');

is($unknown->{status}, 422, 'a pseudonym that nobody has');
is($unknown->{json}{code}, 'subscriber_unknown', 'says so');
is($unknown->{json}{param}, 'subscriber', 'and where');

# refused by the operator

my $poor = $t->subscriber('33600000001');
my $declined = $t->pay('33600000002');

is($declined->{status}, 'failed', 'no funds');
is($declined->{failure}{code}, 'insufficient_funds', 'says why');

my $later = $t->charge_known($declined->{subscriber});

is($later->{status}, 201, 'a decline is an answer, not an error');
is($later->{json}{status}, 'failed', 'failed');
is($later->{json}{failure}{code}, 'insufficient_funds', 'insufficient_funds');
is($t->charged($later->{json}{id}), 0, 'nothing charged');

# a currency that the subscriber's operator does not charge in

my $xaf = $t->charge_known($subscriber, currency => 'XAF');

is($xaf->{status}, 422, 'a currency of another operator');
like($xaf->{json}{code}, qr/^(no_contract|currency_mismatch)$/, 'says so');
