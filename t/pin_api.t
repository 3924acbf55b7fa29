#!/usr/bin/perl

# A merchant's own page: a PIN to a number, resent, guessed, and what it pays.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Services qw(read_file);
use Test::More;

my $t = Carrierpay::Test->start(
    sms => 1,
    http => block('left', 980) . block('right', 981),
    sandbox => 'mccmnc=98010 moved=0011:98110',
);
my $number = '33600000001';

sub block {
    my ($name, $country) = @_;

    return "carrierpay_operator $name { country FR; currency EUR;"
           . " mccmnc ${country}10; numbering $country len=8; dialect sandbox;"
           . " pass /egress/sandbox; lookup_pass /egress/sandbox timeout=10s;"
           . " sms sandbox; sms_from 38888; language en; }\n";
}

sub pin {
    my ($payment, $msisdn) = @_;

    return $t->api(POST => "/v1/payments/$payment->{id}/pin",
                   { msisdn => $msisdn // "+$number" });
}

sub resend { return $t->api(POST => "/v1/payments/$_[0]{id}/resend", {}) }

sub confirm {
    my ($payment, $pin) = @_;

    return $t->api(POST => "/v1/payments/$payment->{id}/confirm",
                   { pin => "$pin" });
}

sub wrong { return sprintf('%06d', ($_[0] + 1 + int(rand(999_998))) % 1e6) }

# The wait for another PIN is over; wrong guesses are forgotten if asked for.

sub later {
    my ($forget) = @_;

    $t->sql('update carrierpay.pin set sent_at = sent_at - 150000');
    $t->sql('delete from carrierpay.pin_failure') if $forget;
}

my $payment = $t->create(locale => 'en');
my $answer = pin($payment);

is($answer->{status}, 200, 'a PIN is sent');
is($answer->{json}{next_action}{type}, 'enter_pin',
   'the next action is to enter the PIN');

my $sms = $t->wait_for_sms($number);

like($sms->{text}, qr/Demo shop.*\b\d{6}\b.*\x{20ac}4\.99/s,
     'the SMS says merchant, PIN and price');
unlike($sms->{text}, qr/\@/, 'the SMS names no host of ours');
is($sms->{from}, '38888', 'the SMS comes from the short code');
is($t->payment($payment->{id})->{next_action}{type}, 'enter_pin',
   'the payment waits for the PIN');

my ($code) = $sms->{text} =~ /\b(\d{6})\b/;

$answer = resend($payment);
is($answer->{json}{code}, 'pin_too_soon', 'another PIN at once is refused');
ok($answer->{header}{'retry-after'} > 20,
   'the refusal says when to come again');

$answer = confirm($payment, wrong($code));

is("$answer->{status} $answer->{json}{code}", '422 pin_wrong',
   'a wrong PIN is refused');
like($answer->{json}{detail}, qr/tries left: 4/,
     'the refusal says how many tries are left');

$answer = confirm($payment, $code);

is($answer->{status}, 200, 'the right PIN is taken');
is($answer->{json}{status}, 'succeeded', 'the right PIN pays');
is($t->charged($payment->{id}), 1, 'the operator has charged once');
is(confirm($payment, $code)->{json}{status}, 'succeeded',
   'the right PIN again is answered with the payment');
is($t->charged($payment->{id}), 1, 'the right PIN again charges nothing');

my ($consent) = $t->sql('select method, shown, address'
                        . ' from carrierpay.consent');

is_deeply($consent, ['pin_sms', undef, undef],
          'the consent has the method pin_sms and nothing that was shown');
like($t->wait_for_sms($number, 2)->{text}, qr/\x{20ac}4\.99.*STOP/s,
     'the receipt comes by SMS');
is($t->value('select count(*) from carrierpay.pin_failure'), 1,
   'one of two guesses is counted as wrong');

# A number that has moved, as its old operator says, is on the new one's bill.

my $moved = $t->create();

for my $name ('left', 'right') {
    $t->sql('insert into carrierpay.operator (code, name, country, currency,'
        . " sandbox) values (?, ?, 'FR', 'EUR', true)", $name, $name);
    $t->sql('select carrierpay.contract_add(1, ?, 0, null, 3000, 500, 0)',
        $name);
}

is(pin($moved, '+98000000011')->{status}, 200,
   'a PIN to a moved number is sent');
$answer = confirm($moved, $t->wait_for_pin('98000000011'));
is($answer->{json}{status}, 'succeeded', 'the PIN of a moved number pays');
is($answer->{json}{operator}, 'right',
   'a moved number is charged by its new operator');
$t->sql('delete from carrierpay.pin_failure');

# Requests that are refused, and their codes.

my @bad = (
    [{ msisdn => 'x' }, '422 not_a_number'],
    [{ msisdn => '+33100000001' }, '422 fixed_line'],
    [{ msisdn => '+33690000001' }, '422 mvno_barred'],
    [{ msisdn => '+237600000001' }, '422 currency_not_supported'],
    [{ number => '1' }, '400 unknown_parameter'],
    [{}, '400 missing_parameter'],
);
my $other = $t->create();

for my $case (@bad) {
    my ($body, $expected) = @$case;
    my $got = $t->api(POST => "/v1/payments/$other->{id}/pin", $body);

    is("$got->{status} $got->{json}{code}", $expected,
       join(' ', %$body) . " $expected");
}

is($t->api(POST => '/v1/payments/pay_0000000000001/pin',
           { msisdn => "+$number" })->{status}, 404,
   'a PIN for a payment that does not exist is refused');
is(resend($other)->{status}, 404,
   'another PIN for a payment without one is refused');
is(confirm($other, '123456')->{json}{code}, 'pin_expired',
   'a guess for a payment without a PIN is refused');
is(confirm($other, '12345')->{status}, 400, 'a PIN of five digits is refused');
is(pin($payment)->{json}{code}, 'payment_not_pending',
   'a PIN for a payment that was paid is refused');
is($t->api(POST => "/v1/payments/$other->{id}/pin", { msisdn => "+$number" },
           key => 'sk_test_' . 'x' x 43)->{status}, 401,
   'a PIN without a key is refused');

# A PIN has five tries; another one has five more, and the count of the number
# goes on.

$t->sql('delete from carrierpay.pin_failure');
is(pin($other)->{status}, 200, 'the PIN for wrong guesses is sent');
$code = $t->wait_for_pin($number, 2);

is(confirm($other, wrong($code))->{json}{code}, 'pin_wrong',
   "wrong guess $_ is refused")
    for 1 .. 5;
is(confirm($other, $code)->{json}{code}, 'pin_exhausted',
   'the right PIN after five wrong guesses is refused');
later();
is(resend($other)->{status}, 200, 'another PIN is sent');

my $second = $t->wait_for_pin($number, 3);

isnt($code, $second, 'the other PIN differs');
is(confirm($other, $code)->{json}{code}, 'pin_wrong',
   'the first PIN is wrong now');
is(confirm($other, wrong($second))->{json}{code}, 'pin_wrong',
   "wrong guess $_ at the other PIN is refused")
    for 2 .. 4;
$answer = confirm($other, wrong($second));
is("$answer->{status} $answer->{json}{code}", '429 pin_locked',
   'the tenth wrong guess in a day says that the number is locked');
$answer = confirm($other, $second);
is($answer->{json}{code}, 'pin_exhausted',
   'the other PIN after five wrong guesses is refused');
later();
$answer = resend($other);
is("$answer->{status} $answer->{json}{code}", '429 pin_locked',
   'after ten wrong guesses in a day the number is locked');

my $fresh = $t->create();
$answer = pin($fresh);
is($answer->{json}{code}, 'pin_locked',
   'a locked number is refused for every payment');
ok($answer->{header}{'retry-after'} > 80_000,
   'a locked number is locked for a day');
$t->redis('flushall');
is(pin($fresh)->{json}{code}, 'pin_locked',
   'a locked number is locked without Redis, too');

# A payment has four PINs at most.

later(1);
is(pin($fresh)->{status}, 200, 'PIN 1 of a payment is sent');

for my $n (2 .. 4) {
    later();
    is(resend($fresh)->{status}, 200, "PIN $n of a payment is sent");
}

later();
is(resend($fresh)->{json}{code}, 'pin_exhausted',
   'a fifth PIN of a payment is refused');

# The right PIN comes a hundred times at once. SMS may overtake each other.

$t->wait_for_pin($number, 7);

$t->wait_for_pin($number, 7);      # two workers send: none overtakes it

my $race = $t->create();
pin($race);
my $right = $t->wait_for_pin($number, 8);
my @sent = map {
    $t->api_send(POST => "/v1/payments/$race->{id}/confirm",
                 { pin => "$right" })
} 1 .. 100;
my @got = map { $t->receive($_) } @sent;

is($t->charged($race->{id}), 1, 'a hundred right guesses at once charge once');
is($t->payment($race->{id})->{status}, 'succeeded',
   'a payment with a hundred right guesses at once has succeeded');
is(scalar(grep { $_->{status} >= 500 } @got), 0,
   'a hundred guesses at once cause no error');

# A PIN is good for five minutes.

later(1);
my $slow = $t->create();
pin($slow);
$code = $t->wait_for_pin($number, 9);
$t->sql('update carrierpay.pin set sent_at = sent_at - 300000');
is(confirm($slow, $code)->{json}{code}, 'pin_expired',
   'a PIN after five minutes is refused');

# Without Redis there is no PIN.

my $away = $t->create();
$t->stop_redis();
is(pin($away)->{status}, 503, 'without Redis a PIN is refused');
$t->start_redis();
$t->wait_for(sub { pin($away)->{status} == 200 }, 'a PIN is sent again');
$code = $t->wait_for_pin($number, 10);
$t->stop_redis();
is(confirm($away, $code)->{status}, 503, 'without Redis a guess is refused');
is($t->charged($away->{id}), 0, 'without Redis a guess charges nothing');
$t->start_redis();

# A PIN is in no log, and is not kept.

my $log = join('', map { read_file("$t->{dir}/$_") } qw(error.log access.log));

unlike($log, qr/600000001/, 'the logs have no number');
unlike($log, qr/\b$code\b/, 'the logs have no PIN');
$t->wait_for_messages();
is($t->value('select count(*) from carrierpay.message'
             . " where kind = 'pin' and body is not null"), 0,
   'a PIN that has been sent is kept nowhere');
