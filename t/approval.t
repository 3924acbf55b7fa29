#!/usr/bin/perl

# The operator asks the subscriber on the handset: the payment waits for the
# answer, the page says so, and the service asks the operator often.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Test::More;

my $t = Carrierpay::Test->start(sandbox => 'delay=2s');

my %end = (33600000008 => 'succeeded', 33600000009 => 'pending');

for my $number (sort(keys(%end))) {
    my $payment = $t->create();
    my $page = $t->tap($t->checkout($payment, msisdn => $number));
    my $waiting = $t->payment($payment->{id});

    is($waiting->{status}, 'processing', "$number: the payment is processing");
    is($waiting->{outcome}, undef, "$number: its outcome is not unknown");
    is($waiting->{next_action}{type}, 'approve_on_phone',
       "$number: the next action is to approve on the phone");
    like($page->{body}, qr/<noscript><meta http-equiv="refresh" content="4;/,
         "$number: the page refreshes by itself");
    like($page->{body}, qr/Approve on your phone/,
         "$number: the page says what to do");
    ok($t->wait_for_status($payment->{id}, $end{$number}),
       "$number: recovery finds what became of it");

    my $ended = $t->payment($payment->{id});

    is($ended->{next_action}{type},
       $end{$number} eq 'pending' ? 'identify' : undef,
       "$number: no action is left, or another attempt");
    is(scalar(@{ $ended->{attempts} }), $end{$number} eq 'pending' ? 1 : 0,
       "$number: the attempt that was not approved is told");
    is($t->charged($payment->{id}), $number == 33600000008 ? 1 : 0,
       "$number: the operator has charged what succeeded");
    is($t->wait_for_webhook($payment->{id})->{json}{data}{status},
       $end{$number}, "$number: the merchant gets a webhook");
}
