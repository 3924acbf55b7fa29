#!/usr/bin/perl

# A shopper on Wi-Fi: he types his number, gets a code by SMS, and pays with
# it. What is wrong is said, and how to go on.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Test::More;

my $t = Carrierpay::Test->start(sms => 1);

my $payment = $t->create();
my $id = $payment->{id};
my $page = $t->unknown($payment);

is($page->{status}, 200, 'not recognised: a page');
like($page->{body}, qr/Which number pays\?/, 'that asks for the number');
like($page->{body}, qr/4\.99/, 'and says the price');
like($page->{body}, qr{<option value="FR" selected>France \+33</option>},
     'the country is guessed');
like($page->{body}, qr{<option value="CM">Cameroon \+237</option>},
     'and others can be chosen');
unlike($page->{body}, qr{<option value="FR".*<option value="FR"}s,
       'a country of two operators stands there once');
like($t->unknown($payment, headers => ['Accept-Language: fr-CM, en;q=0.5'])
         ->{body}, qr{<option value="CM" selected>Cameroun \+237</option>},
     'a region of the browser is a guess, too');

# what is no number, and what is none of ours

for my $case (['', qr/Enter your mobile number/, 'no number'],
              ['12', qr/belongs to no operator/, 'too short'],
              ['+4915112345678', qr/belongs to no operator/, 'abroad'],
              ['06 80 00 12 34', qr/This line cannot pay here/, 'barred'])
{
    my ($number, $words, $name) = @$case;
    my $wrong = $t->submit($page, 'number',
                           { country => 'FR', number => $number });

    is($wrong->{status}, 422, "$name: refused");
    like($wrong->{body}, $words, 'why');
}

my $wrong = $t->submit($page, 'number', { country => 'FR', number => '12' });

like($wrong->{body}, qr/<div class="alert" role="alert" id="alert">/,
     'an alert');
like($wrong->{body}, qr/aria-describedby="alert hint" aria-invalid="true"/,
     'that the field names');
like($wrong->{body}, qr/value="12"/, 'the field keeps what was typed');
is(scalar($t->sms()), 0, 'nobody got an SMS');

# the right one

my $pin_page = $t->submit($page, 'number',
                          { country => 'FR', number => '06 00 00 00 01' });
my $sms = $t->wait_for_sms('33600000001');
my ($pin) = $sms->{text} =~ /\b(\d{6})\b/;

is($pin_page->{status}, 200, 'a page for the code');
like($pin_page->{body}, qr/autocomplete="one-time-code"/, 'that phones fill');
like($pin_page->{body}, qr/\+33\*+01/, 'with the masked number');
unlike($pin_page->{body}, qr/33600000001|0600000001/, 'and not the number');
like($pin_page->{body}, qr/4\.99.*added to your demo_fr bill/s,
     'with price and bill');
like($pin_page->{body}, qr/data-wait="30".*Possible in 30 seconds/s,
     'when there may be another one');
like($sms->{text}, qr/to pay 4[.,]99/, 'the SMS says the price');
like($sms->{text}, qr/\n\@127\.0\.0\.1 #$pin$/, 'and the host for browsers');
is($t->payment($id)->{status}, 'pending', 'nothing is paid yet');

# too soon for another one

my $soon = $t->submit($pin_page, 'resend');

is($soon->{status}, 200, 'too soon for another code');
like($soon->{body}, qr/A code was sent a moment ago/, 'says so');
is(scalar($t->sms('33600000001')), 1, 'none was sent');

my $used = $t->submit($pin_page, 'pin', { pin => $pin });

is($used->{status}, 303, 'the page before is no longer good');
is($t->charged($id), 0, 'nothing charged');

# wrong ones

my $malformed = $t->submit($soon, 'pin', { pin => '12345' });

is($malformed->{status}, 422, 'five digits');
like($malformed->{body}, qr/The code has six digits/, 'are no code');

my $bad = $t->submit($malformed, 'pin',
                     { pin => sprintf('%06d', ($pin + 1) % 1000000) });

is($bad->{status}, 422, 'a wrong code');
like($bad->{body}, qr/not the code in the SMS\. 4 tries are left/,
     'how many tries are left');
is($t->payment($id)->{status}, 'pending', 'nothing is paid');

for my $left (3, 2) {
    $bad = $t->submit($bad, 'pin',
                      { pin => sprintf('%06d', ($pin + 1) % 1000000) });
    like($bad->{body}, qr/$left tries are left/, "$left left");
}

$bad = $t->submit($bad, 'pin',
                  { pin => sprintf('%06d', ($pin + 1) % 1000000) });
like($bad->{body}, qr/One try is left/, 'one left');

# the right one

my $done = $t->submit($bad, 'pin', { pin => $pin });

is($done->{status}, 303, 'the right code: to the receipt');

my $receipt = $t->follow($done);

is($receipt->{status}, 200, 'which is there');
like($receipt->{body}, qr/Paid\. Thank you!.*4\.99/s, 'with the price');
like($receipt->{body}, qr{https://shop\.example/r\?payment=$id}, 'and back');
unlike($receipt->{body}, qr{action="[^"]*/mail"},
       'no mail is offered where no server takes one');
is($t->payment($id)->{status}, 'succeeded', 'paid');
is($t->charged($id), 1, 'once');
is($t->value('select method from carrierpay.consent'), 'pin_sms',
   'the consent knows how he was identified');
is($t->follow($t->submit($bad, 'pin', { pin => $pin }))->{status}, 200,
   'the code a second time: the receipt');
is($t->charged($id), 1, 'and no second charge');

# five wrong ones are the end of a code; the next one is good

my $second = $t->create();
my $form = $t->submit($t->unknown($second), 'number',
                      { country => 'FR', number => '0600000011' });
my $first_pin = $t->wait_for_pin('33600000011');

$form = $t->submit($form, 'pin',
                   { pin => sprintf('%06d', ($first_pin + 1) % 1000000) })
    for 1 .. 5;
like($form->{body}, qr/Too many wrong codes: this one is no longer good/,
     'the fifth wrong one is the last');
$form = $t->submit($form, 'pin', { pin => $first_pin });
like($form->{body}, qr/Too many wrong codes: this one is no longer good/,
     'after five wrong ones the right one is too late');
is($t->charged($second->{id}), 0, 'nothing charged');

$t->sql('update carrierpay.pin set sent_at = sent_at - 60000');
$form = $t->submit($form, 'resend');
like($form->{body}, qr/A new code is on its way/, 'another one');

my $second_pin = $t->wait_for_pin('33600000011', 2);

$form = $t->follow($t->submit($form, 'pin',
    { pin => $second_pin =~ s/^(\d{3})/ $1 /r }));
like($form->{body}, qr/Paid\. Thank you!/, 'pays');
is($t->charged($second->{id}), 1, 'once');

# another number, too soon: no page pretends that a code went there

my $moved = $t->create();
my $old = $t->submit($t->unknown($moved), 'number',
                     { country => 'FR', number => '0600000111' });
my $code_111 = $t->wait_for_pin('33600000111');
my $early = $t->submit($t->unknown($moved), 'number',
                       { country => 'FR', number => '0600000112' });

is($early->{status}, 429, 'a code for another number, too soon');
ok($early->{header}{'retry-after'} > 20, 'and when to come again');
like($early->{body}, qr/has just been sent to another number/, 'says why');
unlike($early->{body}, qr/one-time-code/, 'and asks for no code');
is(scalar($t->sms('33600000112')), 0, 'none was sent');

$t->sql('update carrierpay.pin set sent_at = sent_at - 60000');
$form = $t->submit($early, 'number',
                   { country => 'FR', number => '0600000112' });
like($form->{body}, qr/one-time-code/, 'later it is');

my $code_112 = $t->wait_for_pin('33600000112');

$old = $t->submit($old, 'resend');
is($old->{status}, 429, 'the page of the first number gets none, either');
unlike($old->{body}, qr/one-time-code/, 'and is no page for one');
$t->submit($form, 'pin', { pin => $code_111 }) if $code_111 ne $code_112;
is($t->charged($moved->{id}), 0, 'the first code is dead');

# somebody else's page

my $third = $t->create();

$form = $t->submit($t->unknown($third), 'number',
                   { country => 'FR', number => '0600000012' });
$pin = $t->wait_for_pin('33600000012');

my $thief = $t->submit($form, 'pin', { pin => $pin }, agent => 'another');

is($thief->{status}, 303, 'another browser has another session');
is($t->charged($third->{id}), 0, 'and charges nothing');

# in the payment's own language, whatever the browser says

my $french = $t->create(locale => 'fr');
my $fr = $t->unknown($french, headers => ['Accept-Language: en']);

like($fr->{body}, qr/<html lang="fr">.*4,99/s, 'a payment in French');
is($fr->{header}{'content-language'}, 'fr', 'says so');

$form = $t->submit($fr, 'number', { country => 'FR', number => '0600000013' },
                   headers => ['Accept-Language: en']);
like($form->{body}, qr/<html lang="fr">.*Saisissez votre code/s,
     'the code is asked for in French');
like($t->wait_for_sms('33600000013')->{text},
     qr/votre code est (\d{6}) pour payer 4,99/, 'as it was sent');

my ($code) = $t->wait_for_sms('33600000013')->{text} =~ /(\d{6})/;

$t->submit($form, 'pin', { pin => $code },
           headers => ['Accept-Language: en']);
is($t->payment($french->{id})->{status}, 'succeeded', 'paid');
is($t->value("select c.locale from carrierpay.consent c"
    . " join carrierpay.payment"
    . " p on p.id = c.payment_id where p.locale = 'fr'"), 'fr',
   'what he agreed to was in French');
is($t->value('select count(distinct page) from carrierpay.consent'), 2,
   'a page in two languages is two pages');

# Redis away: no code, and no guess

$page = $t->unknown($t->create());
$t->stop_redis();
is($t->submit($page, 'number', { country => 'FR', number => '0600000014' })
       ->{status}, 503, 'without Redis: try again');
$t->start_redis();
