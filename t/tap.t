#!/usr/bin/perl

# When a tap is no tap: too soon after the page, from another place than the
# page went to, or on a page of another number. And what is none of that.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::HTTP qw(http_receive);
use Test::More;
use Time::HiRes qw(sleep time);

# A mobile network of many blocks, one past the gateway, and a fixed one, of
# demo_fr.

my $t = Carrierpay::Test->start(sms => 1, confirm_after => '2s',
    operator_sms => 'sms sandbox; sms_from 38888; network 127.0.8.0/22;'
                    . ' data_network 127.0.16.0/22;'
                    . ' fixed_network 127.0.12.0/22;');
my $LATER = 2.1;                   # seconds in which a page is looked at

# A tap at once is refused, and the page that comes can be tapped later.

my $payment = $t->create();
my $page = page($payment);
my $answer = $t->submit($page, 'confirm');

is($t->charged($payment->{id}), 0, 'a tap at once charges nothing');
is(status($payment), 'pending', 'after a tap at once the payment is pending');
like($answer->{body}, qr{action="[^"]*/confirm"},
     'after a tap at once the page comes again');
like($answer->{body}, qr/role="alert"/, 'the page says why it comes again');
isnt(token($answer), token($page),
     'the page that comes again has a fresh token');

my $again = $t->submit($answer, 'confirm');

is($t->charged($payment->{id}), 0,
   'the tap on that page at once charges nothing');
sleep($LATER);
$t->submit($page, 'confirm');
is($t->charged($payment->{id}), 0, 'the first token is used up');
$t->submit($again, 'confirm');
is(status($payment), 'succeeded', 'a tap later pays');
is($t->charged($payment->{id}), 1, 'the operator has charged once');

# A machine that taps again and again pays when a person could, and once.

my $start = time();
my $taps = 0;

$payment = $t->create();
$page = page($payment);

$t->wait_for(sub {
    return 1 if status($payment) ne 'pending';
    $answer = $t->submit($page, 'confirm');
    $page = $answer if $answer->{body} =~ m{/confirm"};
    $taps++;
    return 0;
}, 'the machine has paid');

cmp_ok($taps, '>', 1, "a machine taps $taps times before it pays");
cmp_ok(time() - $start, '>=', 1.9, 'a machine has to wait as people do');
is($t->charged($payment->{id}), 1, 'a machine pays once');

$payment = $t->create();
$page = page($payment);
http_receive($_) for map { $t->submit_send($page, 'confirm') } 1 .. 10;
is($t->charged($payment->{id}), 0, 'ten taps at once charge nothing');

# Where the page was opened, where it was tapped, whether that charges.

for my $case (
    ['127.0.0.2', '127.0.0.2', 1, 'where the page was opened'],
    ['127.0.0.2', '127.0.9.200', 1, 'elsewhere in the same network'],
    ['127.0.8.1', '127.0.9.200', 1, 'elsewhere in that network'],
    ['127.0.16.1', '127.0.8.1', 1, 'from its data_network into its network'],
    ['127.0.8.1', '127.0.17.1', 1, 'from its network into its data_network'],
    ['127.0.8.1', '127.0.0.1', 0, 'out of it'],
    ['127.0.8.1', '127.0.0.3', 0, "into another operator's"],
    ['127.0.8.1', '127.0.12.1', 0, 'into its fixed network'],
) {
    my ($shown, $tapped, $charged, $what) = @$case;

    $payment = $t->create();
    $page = page($payment, from => $shown);
    like($page->{body}, qr{action="[^"]*/confirm"},
         "$what: the page has a button");
    sleep($LATER);
    $answer = $t->submit($page, 'confirm', {}, from => $tapped);
    is($t->charged($payment->{id}), $charged,
       "$what: " . ($charged ? 'pays' : 'does not'));

    next if $charged;

    is(status($payment), 'pending', "$what: the payment is pending");
    like($answer->{body}, qr{action="[^"]*/pin"},
         "$what: the page asks for a PIN");
    $t->submit($page, 'confirm', {}, from => $shown);
    is($t->charged($payment->{id}), 0, "$what: the token is used up");
}

# The token of the redirect is from the operator's network, too: brought from
# another place it gets no button, wherever that is.

for my $case (['127.0.0.1', 'the next block'], ['127.0.12.1', 'fixed lines'],
              ['127.0.0.3', "another operator's network"]) {
    my ($opened, $what) = @$case;

    $payment = $t->create();
    $page = page($payment, from => $opened);
    unlike($page->{body}, qr{action="[^"]*/confirm"},
           "a token brought to $what: the page has no button");
    like($page->{body}, qr{action="[^"]*/pin"},
         "a token brought to $what: the page asks for a PIN");
    is($t->charged($payment->{id}), 0,
       "a token brought to $what charges nothing");
}

# The PIN in place of the tap pays: it goes to the line that was found. The
# block of addresses is the place where there is no mobile network.

$payment = $t->create();
$page = page($payment, msisdn => '33600000091');
sleep($LATER);
$answer = $t->submit($page, 'confirm', {}, from => '127.0.1.1');
is($t->charged($payment->{id}), 0,
   'the PIN in place of a tap charges nothing by itself');
$answer = $t->submit($answer, 'pin',
                     { pin => $t->wait_for_pin('33600000091') });
is(status($payment), 'succeeded', 'the PIN in place of a tap pays');
is($t->charged($payment->{id}), 1, 'the PIN in place of a tap charges once');
is($t->value('select method from carrierpay.consent where payment_id = ?',
             Carrierpay::Test::private_id($payment->{id})), 'pin_sms',
   'the consent has the method pin_sms');

# The number changes between two visits: the second one needs a PIN.

$payment = $t->create();
page($payment, msisdn => '33600000092');
$page = page($payment, msisdn => '33600000093');
unlike($page->{body}, qr{action="[^"]*/confirm"},
       'a second visit with another number has no button');
like($page->{body}, qr{action="[^"]*/pin"},
     'a second visit with another number needs a PIN');
$page = page($payment, msisdn => '33600000093');
unlike($page->{body}, qr{action="[^"]*/confirm"},
       'a third visit with the other number has no button');

my $first = page($payment, msisdn => '33600000092');

like($first->{body}, qr{action="[^"]*/confirm"},
     'a visit with the first number has a button');
sleep($LATER);
$t->submit($first, 'confirm');
is(status($payment), 'succeeded', 'a tap with the first number pays');
is($t->charged($payment->{id}), 1, 'a tap with the first number charges once');

# A page does not pay another payment, or in another browser.

my $one = $t->create();
my $two = $t->create();
my ($first_page, $second_page) = map { page($_) } $one, $two;

sleep($LATER);

my $mixed = { body => $first_page->{body} };
my ($path) = $second_page->{body} =~ m{action="(/pay/[^"]*/confirm)"};

$mixed->{body} =~ s{action="/pay/[^"]*/confirm"}{action="$path"};
$t->submit($mixed, 'confirm');
is($t->charged($_->{id}), 0,
   "a page with another payment's token charges nothing")
    for $one, $two;
$t->submit($second_page, 'confirm', {}, agent => 'another');
is($t->charged($two->{id}), 0, 'a page in another browser charges nothing');


###############################################################################


# The page of a recognised line, asked for from an address.

sub page {
    my ($order, %option) = @_;
    my $bounce = $t->identify($order, msisdn => $option{msisdn}
                                                // '33600000090');

    return $t->follow($bounce, from => $option{from} // $bounce->{from});
}

sub token { return ($_[0]{body} =~ /name="t" value="([^"]*)"/)[0] }
sub status { return $t->payment($_[0]{id})->{status} }
