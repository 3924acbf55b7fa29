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
is($answer->{json}{next_action}{type}, 'enter_pin', 'and asked for');

my $sms = $t->wait_for_sms($number);

like($sms->{text}, qr/Demo shop.*\b\d{6}\b.*4\.99 EUR/s, 'the SMS says what');
unlike($sms->{text}, qr/\@/, "a merchant's page is bound to no host of ours");
is($sms->{from}, '38888', 'from the short code');
is($t->payment($payment->{id})->{next_action}{type}, 'enter_pin',
   'the payment waits for it');

my ($code) = $sms->{text} =~ /\b(\d{6})\b/;

$answer = resend($payment);
is($answer->{json}{code}, 'pin_too_soon', 'not two at once');
ok($answer->{header}{'retry-after'} > 20, 'but in half a minute');

$answer = confirm($payment, wrong($code));

is("$answer->{status} $answer->{json}{code}", '422 pin_wrong', 'a wrong one');
like($answer->{json}{detail}, qr/tries left: 4/, 'and how many tries remain');

$answer = confirm($payment, $code);

is($answer->{status}, 200, 'the right one');
is($answer->{json}{status}, 'succeeded', 'pays');
is($t->charged($payment->{id}), 1, 'once');
is(confirm($payment, $code)->{json}{status}, 'succeeded',
   'once more: the payment as it is');
is($t->charged($payment->{id}), 1, 'and nothing is charged again');

my ($consent) = $t->sql('select method, shown, address'
                        . ' from carrierpay.consent');

is_deeply($consent, ['pin_sms', undef, undef],
          'the consent: by PIN, on a page that is not ours');
like($t->wait_for_sms($number, 2)->{text}, qr/4\.99 EUR.*STOP/s,
     'a receipt by SMS');
is($t->value('select count(*) from carrierpay.pin_failure'), 1,
   'of two guesses one was wrong');

# a number that has moved, as its old operator says, is on the new one's bill

my $moved = $t->create();

for my $name ('left', 'right') {
    $t->sql('insert into carrierpay.operator (code, name, country, currency,'
        . " sandbox) values (?, ?, 'FR', 'EUR', true)", $name, $name);
    $t->sql('select carrierpay.contract_add(1, ?, 0, null, 3000, 2000, 500,'
        . ' 0)', $name);
}

is(pin($moved, '+98000000011')->{status}, 200, 'a PIN to a moved number');
$answer = confirm($moved, $t->wait_for_pin('98000000011'));
is($answer->{json}{status}, 'succeeded', 'pays');
is($answer->{json}{operator}, 'right', 'where the number is now');
$t->sql('delete from carrierpay.pin_failure');

# what is refused, and how it is said

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
           { msisdn => "+$number" })->{status}, 404, 'no such payment');
is(resend($other)->{status}, 404, 'nothing to send again');
is(confirm($other, '123456')->{json}{code}, 'pin_expired', 'none was sent');
is(confirm($other, '12345')->{status}, 400, 'five digits');
is(pin($payment)->{json}{code}, 'payment_not_pending', 'paid already');
is($t->api(POST => "/v1/payments/$other->{id}/pin", { msisdn => "+$number" },
           key => 'sk_test_' . 'x' x 43)->{status}, 401, 'without a key');

# five tries a PIN; another one gives five more, and the count goes on

$t->sql('delete from carrierpay.pin_failure');
is(pin($other)->{status}, 200, 'a PIN');
$code = $t->wait_for_pin($number, 2);

is(confirm($other, wrong($code))->{json}{code}, 'pin_wrong', "wrong $_")
    for 1 .. 5;
is(confirm($other, $code)->{json}{code}, 'pin_exhausted',
   'the right one is late');
later();
is(resend($other)->{status}, 200, 'another one');

my $second = $t->wait_for_pin($number, 3);

isnt($code, $second, 'which is another');
is(confirm($other, $code)->{json}{code}, 'pin_wrong', 'the old one is dead');
is(confirm($other, wrong($second))->{json}{code}, 'pin_wrong', "wrong $_")
    for 2 .. 5;
$answer = confirm($other, $second);
is($answer->{json}{code}, 'pin_exhausted', 'five of this one, too');
later();
$answer = resend($other);
is("$answer->{status} $answer->{json}{code}", '429 pin_locked',
   'ten wrong ones in a day: the number is locked');

my $fresh = $t->create();
$answer = pin($fresh);
is($answer->{json}{code}, 'pin_locked', 'for all payments');
ok($answer->{header}{'retry-after'} > 80_000, 'for a day');
$t->redis('flushall');
is(pin($fresh)->{json}{code}, 'pin_locked', 'Redis has no say in it');

# at most four a payment

later(1);
is(pin($fresh)->{status}, 200, 'PIN 1');

for my $n (2 .. 4) {
    later();
    is(resend($fresh)->{status}, 200, "PIN $n");
}

later();
is(resend($fresh)->{json}{code}, 'pin_exhausted', 'no fifth one');

# the right one a hundred times at once; SMS may overtake each other

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
is($t->payment($race->{id})->{status}, 'succeeded', 'and it is paid');
is(scalar(grep { $_->{status} >= 500 } @got), 0, 'no guess breaks anything');

# five minutes

later(1);
my $slow = $t->create();
pin($slow);
$code = $t->wait_for_pin($number, 9);
$t->sql('update carrierpay.pin set sent_at = sent_at - 300000');
is(confirm($slow, $code)->{json}{code}, 'pin_expired', 'too late');

# without Redis

my $away = $t->create();
$t->stop_redis();
is(pin($away)->{status}, 503, 'no Redis, no PIN');
$t->start_redis();
$t->wait_for(sub { pin($away)->{status} == 200 }, 'a PIN is sent again');
$code = $t->wait_for_pin($number, 10);
$t->stop_redis();
is(confirm($away, $code)->{status}, 503, 'no Redis, no guess');
is($t->charged($away->{id}), 0, 'and no charge');
$t->start_redis();

# nowhere in the logs, and kept nowhere

my $log = join('', map { read_file("$t->{dir}/$_") } qw(error.log access.log));

unlike($log, qr/600000001/, 'no number in the logs');
unlike($log, qr/\b$code\b/, 'no PIN in the logs');
$t->wait_for_messages();
is($t->value('select count(*) from carrierpay.message'
             . " where kind = 'pin' and body is not null"), 0,
   'a PIN that has been sent is kept nowhere');
