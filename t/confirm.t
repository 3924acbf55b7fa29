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

is($answer->{status}, 201, 'a charge of a known subscriber is created');
is($answer->{json}{status}, 'succeeded',
   'a charge of a known subscriber succeeds');
is($answer->{json}{subscriber}, $subscriber, 'the pseudonym is the same');
is($answer->{json}{next_action}, undef, 'no action is left to the shopper');
is($t->charged($answer->{json}{id}), 1, 'the operator has charged once');
is($t->wait_for_webhook($answer->{json}{id})->{verified}, JSON::PP::true,
   'the webhook has a right signature');

# A subscriber who has not consented.

my $unknown = $t->charge_known('sub_0000000000001');

is($unknown->{status}, 422, 'an unknown pseudonym is refused');
is($unknown->{json}{code}, 'subscriber_unknown',
   'the refusal has the code subscriber_unknown');
is($unknown->{json}{param}, 'subscriber', 'the refusal names the parameter');

# A charge that the operator declines.

my $poor = $t->subscriber('33600000001');
my $declined = $t->pay('33600000002');

is($declined->{status}, 'pending', 'a payment without funds waits');
is($declined->{attempts}[0]{failure}{code}, 'insufficient_funds',
   'its attempt has failed with insufficient_funds');

my $known = $t->admin_reads('33600000002,5000',
                            qw(subscriber add demo_fr - 1));
my $later = $t->charge_known($known);

is($later->{status}, 201,
   'a declined charge of a known subscriber is created');
is($later->{json}{status}, 'failed', 'a declined charge has failed');
is($later->{json}{failure}{code}, 'insufficient_funds',
   'a declined charge says why');
is_deeply($later->{json}{attempts}, [], 'and has no attempts: it is one');
is($later->{json}{subscriber}, undef, 'and shows no subscriber');
is($t->charged($later->{json}{id}), 0, 'a declined charge charges nothing');

# A currency that the subscriber's operator does not charge in.

my $xaf = $t->charge_known($subscriber, currency => 'XAF');

is($xaf->{status}, 422,
   'a currency that the operator does not charge in is refused');
like($xaf->{json}{code}, qr/^(no_contract|currency_mismatch)$/,
     'the refusal of a currency has a code of its own');
