#!/usr/bin/perl

# An SMS of the shopper's in place of a code: the phone that sends what the
# page shows has the line. Which browser goes on, what comes twice or late, and
# gateways that are not believed.

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
    operator => 'timeout 3s; settle 6s;');

# The page, its code, and the phone that sends it.

my ($payment, $waiting, $code) = page();
my $number = '33600000081';

is($t->mo($number, 'OUI ' . ($code eq '000000' ? '000001' : '000000'))
   ->{status}, 200, 'a code of no payment is taken');
like($t->wait_for_sms($number)->{text}, qr/code est inconnu/,
     'the answer says that the code is unknown');
like($t->follow($waiting)->{body}, qr/$code/,
     'the page still waits after a wrong code');
$t->mo($number, "OUI $code", 'one');
like($t->wait_for_sms($number, 2)->{text}, qr/^Merci\b.*4,99 EUR/,
     'the right code is answered with thanks');
is($t->mo($number, "OUI $code", 'one')->{status}, 200,
   'the right code again is taken');
is($t->mo('33600000082', "OUI $code")->{status}, 200,
   'the right code from another phone is taken');
like($t->wait_for_sms('33600000082')->{text}, qr/code est inconnu/,
     'the right code from another phone is unknown');

my $thief = $t->follow($waiting, agent => 'another');

unlike($thief->{body}, qr/\+33\*/, 'another browser does not see the line');
is($t->charged($payment->{id}), 0, 'a code charges nothing');

# A session that another browser has asked for is gone: another page is needed.

($payment, $waiting, $code) = page();
$t->mo($number, "yes: $code.");
$t->wait_for_sms($number, 3);

my $confirm = $t->follow($waiting);

like($confirm->{body}, qr/\+33\*+81/,
     'the page knows the line that sent the code');
is($t->tap($confirm)->{status}, 200, 'the tap after the code is taken');
is($t->payment($payment->{id})->{status}, 'succeeded',
   'the tap after the code pays');
is($t->charged($payment->{id}), 1, 'the operator has charged once');
is($t->value('select method from carrierpay.consent where payment_id = ?',
             private($payment)), 'mo_sms',
   'the consent has the method mo_sms');

# A gateway whose senders are not trusted: the line needs a PIN.

($payment, $waiting, $code) = page();
$t->post($t->url('plain', '/callback/doubtful/mo'),
    headers => ['Content-Type: application/json'],
    body => qq({"id":"d","from":"33600000083","to":"38888",)
            . qq("text":"OUI $code"}));

$confirm = $t->follow($waiting);
unlike($confirm->{body}, qr{action="[^"]*/confirm"},
       'an SMS by a gateway that is not trusted allows no tap');
is($t->charged($payment->{id}), 0,
   'an SMS by a gateway that is not trusted charges nothing');
like($confirm->{body}, qr{action="[^"]*/(send|pin|number)"},
     'an SMS by a gateway that is not trusted needs a PIN');

# A line that has sent STOP does not pay by an SMS.

($payment, $waiting, $code) = page();
$t->mo('33600000084', 'STOP');
$t->mo('33600000084', "OUI $code");
$t->wait_for_sms('33600000084', 2);
$confirm = $t->follow($waiting);
unlike($confirm->{body}, qr{action="[^"]*/confirm"},
       'a line that has sent STOP cannot tap');
is($t->charged($payment->{id}), 0, 'a line that has sent STOP is not charged');

# A code that is too late, and one for a payment that has ended.

($payment, $waiting, $code) = page();
$t->redis('del', "cp:mc:$code");
$t->mo('33600000085', "OUI $code");
like($t->wait_for_sms('33600000085')->{text}, qr/code est inconnu/,
     'a code after its time is unknown');

($payment, $waiting, $code) = page();
$t->tap($t->checkout($payment, msisdn => '33600000001'));
$t->mo('33600000086', "OUI $code");
$t->wait_ok(sub { $t->sms('33600000086') },
            'a code for a payment that was paid is answered');
like($t->follow($waiting)->{body}, qr/Paid\. Thank you/,
     'the page of a payment that was paid is the receipt');
is($t->charged($payment->{id}), 1,
   'a code for a payment that was paid charges nothing');

# Of twenty phones at once one is the first.

($payment, $waiting, $code) = page();

my @sent = map { $t->mo_send('336000001' . (10 + $_), "OUI $code") } 1 .. 20;

is(scalar(grep { $t->receive($_)->{status} == 200 } @sent), 20,
   'a code from twenty phones at once is taken');
ok($t->wait_for_messages(), 'the answers to twenty phones are sent');
is($t->value('select count(*) from carrierpay.mo where payment_id = ?',
             private($payment)), 1, 'one of twenty phones has the payment');

# PostgreSQL is away for a moment, or a worker dies: the gateway brings it
# again, and the page goes on.

($payment, $waiting, $code) = page();
$t->stop_postgres();
is($t->mo('33600000087', "OUI $code", 'away')->{status}, 503,
   'a code without PostgreSQL is refused');
$t->start_postgres();
$t->wait_until_ready();
is($t->mo('33600000087', "OUI $code", 'away')->{status}, 200,
   'the code is taken when PostgreSQL is back');
like($t->wait_for_sms('33600000087')->{text}, qr/^Merci/,
     'the code is right when PostgreSQL is back');
like($t->follow($waiting)->{body}, qr/\+33\*+87/,
     'the page knows the line when PostgreSQL is back');

my $line = 100;

for my $point (map { ("mo.$_:before", "mo.$_:after") }
               qw(code first page keep hand_over))
{
    ($payment, $waiting, $code) = page();
    $number = '33600003' . ++$line;
    crash_at($t, $point, sub { $t->mo($number, "OUI $code", $point) });
    is($t->mo($number, "OUI $code", $point)->{status}, 200,
       "$point: the code is taken when it comes again");
    like($t->wait_for_sms($number)->{text}, qr/^Merci/,
         "$point: the code is right");
    like($t->follow($waiting)->{body}, qr/\+33\*+\Q@{[substr($number, -2)]}/,
         "$point: the page knows the line");
    is($t->value('select count(*) from carrierpay.mo where payment_id = ?',
                 private($payment)), 1, "$point: kept once");
}

unlike($t->error_log(), qr/6000000\d\d|OUI/,
       'the error log has no number and no code');


###############################################################################


# Makes a payment whose page waits for an SMS; returns the payment, where it
# waits, and for which code.

sub page {
    my $order = $t->create(locale => 'en');
    my $answer = $t->submit($t->unknown($order), 'mo');
    my ($digits) = $t->follow($answer)->{body} =~ /YES (\d{6}) to 38888/
        or die "no code\n";

    return ($order, $answer, $digits);
}

sub private { return Carrierpay::Test::private_id($_[0]{id}) }
