#!/usr/bin/perl

# SMS of the shopper's in place of a PIN: the phone that sends what the page
# shows has the line, is told merchant and price, and agrees by a second SMS.
# Which browser goes on, what comes twice or late, and gateways that are not
# believed.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Crash qw(crash_at);
use Test::More;

my $pages = 0;
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

my $asked = $t->wait_for_sms($number, 2)->{text};
my ($word) = $asked =~ /\bPAY (\d{6})\b/;

like($asked,
     qr/^Demo shop: \x{20ac}4\.99 on your phone bill\. To pay, reply PAY/,
     'the answer names merchant and price, and asks for a word');
isnt($word, $code, 'the code of the word is another one than the page shows');
unlike(join('', map { $_->{body} } $t->follow($waiting),
            $t->follow($t->submit($t->unknown($payment), 'mo'))),
       qr/$word/, 'no page shows the code of the word');
is($t->mo($number, "OUI $code", 'one')->{status}, 200,
   'the right code again is taken');
is($t->mo('33600000082', "OUI $code")->{status}, 200,
   'the right code from another phone is taken');
like($t->wait_for_sms('33600000082')->{text}, qr/code est inconnu/,
     'the right code from another phone is unknown');
$t->mo('33600000082', "PAYER $word");
like($t->wait_for_sms('33600000082', 2)->{text}, qr/code est inconnu/,
     "the payer's word from another phone is unknown");
$t->mo($number, "OUI $word");
$t->mo($number, "PAYER $code");
$t->wait_for_sms($number, 4);
like($t->follow($waiting)->{body}, qr/$code/,
     "the page waits for the payer's word: a code with the other's word is"
     . ' none');
unlike($t->follow($waiting)->{body}, qr{/confirm"},
       "a page has no button before the payer's word has come");
$t->mo($number, "Payer $word");
like($t->wait_for_sms($number, 5)->{text}, qr/^Thank you\b.*\x{20ac}4\.99/,
     "the payer's word is answered with thanks");

my $thief = $t->follow($waiting, agent => 'another');

unlike($thief->{body}, qr/\+33\*/, 'another browser does not see the line');
is($t->charged($payment->{id}), 0, 'words charge nothing by themselves');

# A session that another browser has asked for is gone: another page is needed.

($payment, $waiting, $code) = page();
$t->agree($number, "yes: $code.");

my $confirm = $t->follow($waiting);

like($confirm->{body}, qr/\+33\*+81/,
     "the page knows the line that sent the payer's word");
is($t->tap($confirm)->{status}, 200,
   "the tap after the payer's word is taken");
is($t->payment($payment->{id})->{status}, 'succeeded',
   "the tap after the payer's word pays");
is($t->charged($payment->{id}), 1, 'the operator has charged once');
is($t->value('select method from carrierpay.consent where payment_id = ?',
             private($payment)), 'mo_sms',
   'the consent has the method mo_sms');
is($t->value("select string_agg(action, ' ' order by id) from carrierpay.mo"
             . ' where payment_id = ?', private($payment)), 'ask pay',
   "the payer's word is kept");

# The owner of another phone is talked into sending the code of a shopper's
# page: that names the line, and no more, however often it is sent.

($payment, $waiting, $code) = page();
$t->mo('33600000088', "YES $code") for 1 .. 3;
$t->wait_for_sms('33600000088', 3);
$confirm = $t->follow($waiting);
unlike($confirm->{body}, qr{/confirm"},
       'an owner who sends the code of a page does not pay for it');
is(scalar(grep { !/\x{20ac}4\.99/ }
          map { $_->{text} } $t->sms('33600000088')), 0,
   'an owner who sends the code of a page is told the price');
is($t->charged($payment->{id}), 0,
   'an owner who sends the code of a page is not charged');

# Two visitors of one payment: a code opens the page that shows it.

my ($other, $theirs) = $t->submit($t->unknown($payment, from => '127.0.99.1'),
                                  'mo');

($theirs) = $t->follow($other)->{body} =~ /YES (\d{6})/;
isnt($theirs, $code, 'two visitors of a payment are shown two codes');
$t->agree('33600000088', "YES $theirs");
unlike($t->follow($waiting)->{body}, qr{/confirm"},
       "a code of one visitor does not open another's page");
like($t->follow($other)->{body}, qr{/confirm"},
     'a code opens the page of the visitor that it was shown to');

# The page is asked for from another place than its code was shown in.

($payment, $waiting, $code) = page();
$t->agree('33600000089', "YES $code");
$confirm = $t->follow($waiting, from => '127.0.98.1');
unlike($confirm->{body}, qr{/confirm"},
       'a page that is brought to another place has no button');
like($confirm->{body}, qr{/pin"},
     'a page that is brought to another place asks for a PIN');

# A gateway whose senders are not trusted: the line needs a PIN, whatever it
# sends.

for my $text ('OUI', 'PAY') {
    ($payment, $waiting, $code) = page();

    if ($text eq 'PAY') {
        $t->mo('33600000083', "OUI $code");
        ($code) = $t->wait_for_sms('33600000083', 3)->{text} =~ /PAY (\d{6})/;
    }

    $t->post($t->url('plain', '/callback/doubtful/mo'),
        headers => ['Content-Type: application/json'],
        body => qq({"id":"$text","from":"33600000083","to":"38888",)
                . qq("text":"$text $code"}));

    $confirm = $t->follow($waiting);
    unlike($confirm->{body}, qr{action="[^"]*/confirm"},
           "$text by a gateway that is not trusted allows no tap");
    is($t->charged($payment->{id}), 0,
       "$text by a gateway that is not trusted charges nothing");

    next if $text eq 'PAY';

    like($confirm->{body}, qr{action="[^"]*/(send|pin|number)"},
         "$text by a gateway that is not trusted needs a PIN");
    like($t->wait_for_sms('33600000083', 2)->{text}, qr/code is \d{6} to pay/,
         "$text by a gateway that is not trusted: the PIN goes to the line");
}

# A line that has sent STOP does not pay by an SMS.

($payment, $waiting, $code) = page();
$t->mo('33600000084', 'STOP');
$t->wait_for_sms('33600000084');
$t->agree('33600000084', "OUI $code");
$confirm = $t->follow($waiting);
unlike($confirm->{body}, qr{action="[^"]*/confirm"},
       'a line that has sent STOP cannot tap');
is($t->charged($payment->{id}), 0, 'a line that has sent STOP is not charged');

# Codes are few: of a payment, of an address, of a block.

$payment = $t->create(locale => 'en');

my $form = $t->unknown($payment, from => '127.0.97.1');
my @answers = map { $t->submit_send($form, 'mo') } 1 .. 40;

is_deeply(codes(map { $t->receive($_) } @answers), { 303 => 5, 429 => 35 },
          'of forty codes for a payment at once there are five');

my $late = $t->submit($form, 'mo');

like($late->{body}, qr/Too many codes have been asked for/,
     'the page says that there are no more codes');
cmp_ok($late->{header}{'retry-after'}, '<=', 180,
       'the refusal says when there may be another');

# The pages are opened before: a block has another code every 15 seconds.

my @forms = map { $t->unknown($t->create(), from => "127.0.96.$_") }
            (1) x 20, map { 2 + $_ % 20 } 1 .. 60;

@answers = map { $t->submit_send($_, 'mo') } splice(@forms, 0, 20);
is_deeply(codes(map { $t->receive($_) } @answers), { 303 => 15, 429 => 5 },
          'an address has fifteen codes');
@answers = map { $t->submit_send($_, 'mo') } @forms;
is_deeply(codes(map { $t->receive($_) } @answers), { 303 => 45, 429 => 15 },
          'a block of addresses has sixty codes');
is($t->metric('carrierpay_code_limit_total{result="rejected"}'), 56,
   'codes that were refused are counted');

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
like($t->wait_for_sms('33600000087')->{text}, qr/reply PAY/,
     'the code is right when PostgreSQL is back');

my $line = 100;

for my $point (map { ("mo.$_:before", "mo.$_:after") }
               qw(code first page ask keep hand_over))
{
    ($payment, $waiting, $code) = page();
    $number = '33600003' . ++$line;

    # "first" and "ask" are rows of the first word, "hand_over" of the second

    if ($point !~ /hand_over/) {
        crash_at($t, $point, sub { $t->mo($number, "OUI $code", $point) });
        is($t->mo($number, "OUI $code", $point)->{status}, 200,
           "$point: the code is taken when it comes again");
    }
    else {
        $t->mo($number, "OUI $code", $point);
    }

    my $ask = $t->wait_for_sms($number)->{text};

    like($ask, qr/reply PAY/, "$point: the code is right");
    is($t->value('select count(*) from carrierpay.mo where payment_id = ?',
                 private($payment)), 1, "$point: kept once");

    my $text = 'PAY ' . ($ask =~ /PAY (\d{6})/)[0];

    crash_at($t, $point, sub { $t->mo($number, $text, "$point 2") })
        if $point !~ /first|ask/;
    is($t->mo($number, $text, "$point 2")->{status}, 200,
       "$point: the payer's word is taken when it comes again");
    like($t->wait_for_sms($number, 2)->{text}, qr/^Thank you/,
         "$point: the payer's word is right");
    like($t->follow($waiting)->{body}, qr/\+33\*+\Q@{[substr($number, -2)]}/,
         "$point: the page knows the line");
    is($t->value('select count(*) from carrierpay.mo where payment_id = ?',
                 private($payment)), 2, "$point: both are kept once");
}

unlike($t->error_log(), qr/6000000\d\d|OUI/,
       'the error log has no number and no code');


###############################################################################


# Makes a payment whose page waits for an SMS, in a place of its own; returns
# the payment, where it waits, and for which code.

sub page {
    my $order = $t->create(locale => 'en');
    my $answer = $t->submit($t->unknown($order,
                                from => '127.0.' . (100 + $pages++) . '.1'),
                            'mo');
    my ($digits) = $t->follow($answer)->{body} =~ /YES (\d{6}) to 38888/
        or die "no code\n";

    return ($order, $answer, $digits);
}

# How many answers have a status.

sub codes {
    my %n;

    $n{$_->{status}}++ for @_;

    return \%n;
}

sub private { return Carrierpay::Test::private_id($_[0]{id}) }
