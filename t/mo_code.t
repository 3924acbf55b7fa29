#!/usr/bin/perl

# An SMS of the shopper's in place of a code: who sends what the page shows is
# the holder of the line. Whose browser goes on, what comes twice or late, and
# whom a gateway is not believed.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Crash qw(crash_at);
use Test::More;

my $t = Carrierpay::Test->start(sms => 1, http => <<'END',
carrierpay_sms doubtful {
    dialect    sms_http;
    pass       /egress/sms;
    request    json '{"to":"{{to}}","text":"{{text}}"}';
    mo_fields  id=id from=from to=to text=text;
}
END
    operator => 'timeout 1s; settle 4s;');

# The page, its code, and the one who has it.

my ($payment, $waiting, $code) = page();
my $number = '33600000081';

is($t->mo($number, 'OUI ' . ($code eq '000000' ? '000001' : '000000'))
   ->{status}, 200, 'another code');
like($t->wait_for_sms($number)->{text}, qr/code est inconnu/, 'is unknown');
like($t->follow($waiting)->{body}, qr/$code/, 'and the page waits on');
$t->mo($number, "OUI $code", 'one');
like($t->wait_for_sms($number, 2)->{text}, qr/^Merci\b.*4,99 EUR/,
     'the right one');
is($t->mo($number, "OUI $code", 'one')->{status}, 200, 'again');
is($t->mo('33600000082', "OUI $code")->{status}, 200, 'by another phone');
like($t->wait_for_sms('33600000082')->{text}, qr/code est inconnu/,
     'it is used up');

my $thief = $t->follow($waiting, agent => 'another');

unlike($thief->{body}, qr/\+33\*/, 'another browser learns nothing');
is($t->charged($payment->{id}), 0, 'and nothing is charged');

# a session that somebody else has looked for is gone: another page

($payment, $waiting, $code) = page();
$t->mo($number, "yes: $code.");
$t->wait_for_sms($number, 3);

my $confirm = $t->follow($waiting);

like($confirm->{body}, qr/\+33\*+81/, 'the page knows the line');
is($t->tap($confirm)->{status}, 200, 'a tap');
is($t->payment($payment->{id})->{status}, 'succeeded', 'pays');
is($t->charged($payment->{id}), 1, 'once');
is($t->value('select method from carrierpay.consent where payment_id = ?',
             private($payment)), 'mo_sms', 'identified by an SMS');

# A gateway whose senders are not sure: a PIN must prove it.

($payment, $waiting, $code) = page();
$t->post($t->url('plain', '/callback/doubtful/mo'),
    headers => ['Content-Type: application/json'],
    body => qq({"id":"d","from":"33600000083","to":"38888",)
            . qq("text":"OUI $code"}));

$confirm = $t->follow($waiting);
unlike($confirm->{body}, qr{action="[^"]*/confirm"}, 'no tap');
is($t->charged($payment->{id}), 0, 'nothing is charged');
like($confirm->{body}, qr{action="[^"]*/(send|pin|number)"}, 'but a PIN');

# Who has stopped is not made to pay by an SMS.

($payment, $waiting, $code) = page();
$t->mo('33600000084', 'STOP');
$t->mo('33600000084', "OUI $code");
$t->wait_for_sms('33600000084', 2);
$confirm = $t->follow($waiting);
unlike($confirm->{body}, qr{action="[^"]*/confirm"}, 'stopped: no tap');
is($t->charged($payment->{id}), 0, 'nothing is charged');

# Late, and for a payment that has ended.

($payment, $waiting, $code) = page();
$t->redis('del', "cp:mc:$code");
$t->mo('33600000085', "OUI $code");
like($t->wait_for_sms('33600000085')->{text}, qr/code est inconnu/,
     'after its time it is unknown');

($payment, $waiting, $code) = page();
$t->tap($t->checkout($payment, msisdn => '33600000001'));
$t->mo('33600000086', "OUI $code");
$t->wait_ok(sub { $t->sms('33600000086') }, 'paid meanwhile: answered');
like($t->follow($waiting)->{body}, qr/Paid\. Thank you/, 'the receipt');
is($t->charged($payment->{id}), 1, 'no second charge');

# Twenty phones at once: one is the first.

($payment, $waiting, $code) = page();

my @sent = map { $t->mo_send('336000001' . (10 + $_), "OUI $code") } 1 .. 20;

is(scalar(grep { $t->receive($_)->{status} == 200 } @sent), 20,
   'twenty phones at once');
ok($t->wait_for_messages(), 'answered');
is($t->value('select count(*) from carrierpay.mo where payment_id = ?',
             private($payment)), 1, 'one of them it is');

# PostgreSQL is away for a moment, or a worker dies: the gateway brings it
# again, and the page goes on.

($payment, $waiting, $code) = page();
$t->stop_postgres();
is($t->mo('33600000087', "OUI $code", 'away')->{status}, 503, 'no ledger');
$t->start_postgres();
$t->wait_until_ready();
is($t->mo('33600000087', "OUI $code", 'away')->{status}, 200, 'again');
like($t->wait_for_sms('33600000087')->{text}, qr/^Merci/, 'it is good');
like($t->follow($waiting)->{body}, qr/\+33\*+87/, 'and the page goes on');

my $line = 100;

for my $point (map { ("mo.$_:before", "mo.$_:after") }
               qw(code claim session keep answer))
{
    ($payment, $waiting, $code) = page();
    $number = '33600003' . ++$line;
    crash_at($t, $point, sub { $t->mo($number, "OUI $code", $point) });
    is($t->mo($number, "OUI $code", $point)->{status}, 200,
       "$point: brought again");
    like($t->wait_for_sms($number)->{text}, qr/^Merci/, "$point: good");
    like($t->follow($waiting)->{body}, qr/\+33\*+\Q@{[substr($number, -2)]}/,
         "$point: the page goes on");
    is($t->value('select count(*) from carrierpay.mo where payment_id = ?',
                 private($payment)), 1, "$point: kept once");
}

unlike($t->error_log(), qr/6000000\d\d|OUI/, 'nothing of it in the log');


###############################################################################


# A payment whose page waits for an SMS, where it waits, and for which code.

sub page {
    my $order = $t->create(locale => 'en');
    my $answer = $t->submit($t->unknown($order), 'mo');
    my ($digits) = $t->follow($answer)->{body} =~ /YES (\d{6}) to 38888/
        or die "no code\n";

    return ($order, $answer, $digits);
}

sub private { return Carrierpay::Test::private_id($_[0]{id}) }
