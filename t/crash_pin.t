#!/usr/bin/perl

# A worker dies while it sends a PIN, or while one is entered. The merchant got
# no answer and asks again; where the PIN was used up, another one is sent.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Crash qw(crash_at settled claims table);
use Test::More;

my $t = Carrierpay::Test->start(sms => 1,
                                operator => 'timeout 3s; settle 6s;');
my $line = 100;
my $number;

# A worker dies while a PIN is sent.

for my $point (map { ("pin_order.$_:before", "pin_order.$_:after") }
               qw(evaluate budget hash mark issue render))
{
    my $payment = next_payment();

    crash_at($t, $point, sub { ask($payment, 'pin') });

    # The PIN was written and is on its way, or another one can be asked for.

    my $written = $t->value('select count(*) from carrierpay.message'
        . ' where payment_id = ?', private($payment));
    my $answer = ask($payment, 'pin');

    is("$answer->{status} " . ($answer->{json}{code} // ''),
       $written ? '429 pin_too_soon' : '200 ',
       "$point: asked again, " . ($written ? 'it was sent' : 'it is sent'));
    is($written, $point =~ /issue:after|render/ ? 1 : 0,
       "$point: the message is written in the step issue");

    my $pin = $t->wait_for_pin($number);

    cmp_ok(scalar(pins()), '<=', 2, "$point: the PIN is sent twice at most");
    is(confirm($payment, $pin)->{json}{status}, 'succeeded',
       "$point: the PIN pays");
    claims($t, $point, $payment->{id});
}

# A worker dies while a right PIN is compared. A guess is counted before it is
# compared, and stays counted.


for my $point (map { ("pin_api.$_:before", "pin_api.$_:after") }
               qw(count compare mark forget restore may_pay begin eligible
                  operator finish))
{
    my $payment = next_payment();

    ask($payment, 'pin');

    my $pin = $t->wait_for_pin($number);

    crash_at($t, $point, sub { confirm($payment, $pin) });

    my $used = $point
        =~ /compare:after|mark|forget|restore|may_pay|begin:before/;
    my $begun = $point =~ /begin:after|eligible|operator|finish/;
    my $failures = $t->value('select count(*) from carrierpay.pin_failure'
        . ' where payment_id = ?', private($payment));

    is($t->payment($payment->{id})->{status} eq 'pending', !$begun,
       "$point: " . ($begun ? 'begun' : 'not begun'));
    is($failures, $begun || $point eq 'pin_api.count:before' ? 0 : 1,
       "$point: the guess counts unless it was right");

    if (!$begun) {
        my $answer = confirm($payment, $pin);

        # only a worker that has lived to delete the mark has told the others

        is($answer->{json}{code} // $answer->{json}{status},
           !$used ? 'succeeded'
           : $point =~ /compare:after|mark:before/ ? 'pin_wrong' : 'pin_lost',
           "$point: the PIN is " . ($used ? 'used up' : 'good'));
    }

    settled($t, $point, $payment->{id}) if !$used;

    # or recovery has found that nothing was charged

    my $declined = !$used
        && $t->payment($payment->{id})->{status} eq 'pending';

    if ($used || $declined) {
        $t->sql('update carrierpay.pin set sent_at = sent_at - 150000');
        is(ask($payment, 'resend')->{status}, 200,
           "$point: another PIN is sent");
        is(confirm($payment, $t->wait_for_pin($number, 2))->{json}{status},
           'succeeded', "$point: the other PIN pays");
    }

    claims($t, $point, $payment->{id});
    is($t->value('select count(*) from carrierpay.consent'
                 . ' where payment_id = ?', private($payment)),
       $declined ? 2 : 1, "$point: each attempt has one consent");
}

table();


###############################################################################


# Each payment has a number of its own, since guesses are counted by number.

sub next_payment {
    $number = '33600001' . ++$line;

    return $t->create(locale => 'en');
}

sub ask {
    my ($payment, $what) = @_;

    return $t->api(POST => "/v1/payments/$payment->{id}/$what",
                   $what eq 'pin' ? { msisdn => "+$number" } : {});
}

sub confirm {
    my ($payment, $pin) = @_;

    return $t->api(POST => "/v1/payments/$payment->{id}/confirm",
                   { pin => "$pin" });
}

sub pins { return grep { $_->{text} =~ /\b\d{6}\b/ } $t->sms($number) }
sub private { return Carrierpay::Test::private_id($_[0]{id}) }
