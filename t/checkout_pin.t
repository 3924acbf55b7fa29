#!/usr/bin/perl

# A shopper on Wi-Fi types a number, gets a code by SMS, and pays with it. The
# page says what is wrong, and how to go on.

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

is($page->{status}, 200, 'a line that is not recognised gets a page');
like($page->{body}, qr/Your mobile number/, 'the page asks for the number');
like($page->{body}, qr/4\.99/, 'the page shows the price');
like($page->{body}, qr{<option value="FR" selected>France \+33</option>},
     'the country of the operator is chosen');
like($page->{body}, qr{<option value="CM">Cameroon \+237</option>},
     'another country can be chosen');
unlike($page->{body}, qr{<option value="FR".*<option value="FR"}s,
       'a country of two operators is listed once');

# The country is one whose operators bill in the currency.

for my $case ([EUR => 'fr-CM, en;q=0.5', 'FR'], [XAF => 'fr-CM', 'CM'],
              [XAF => 'fr-FR', 'CM'], [EUR => 'de-DE', 'FR'])
{
    my ($currency, $browser, $country) = @$case;
    my $order = $t->create(currency => $currency);

    like($t->unknown($order, headers => ["Accept-Language: $browser"])
             ->{body}, qr{<option value="$country" selected>},
         "$currency, $browser: the country is $country");
}

# Numbers that are refused.

for my $case (['', qr/Enter your mobile number/, 'no number'],
              ['12', qr/belongs to no operator/, 'too short'],
              ['+4915112345678', qr/belongs to no operator/, 'abroad'],
              ['06 80 00 12 34', qr/This line cannot pay here/, 'barred'])
{
    my ($number, $words, $name) = @$case;
    my $wrong = $t->submit($page, 'number',
                           { country => 'FR', number => $number });

    is($wrong->{status}, 422, "$name: the number is refused");
    like($wrong->{body}, $words, "$name: the page says why");
}

my $wrong = $t->submit($page, 'number', { country => 'FR', number => '12' });

like($wrong->{body}, qr/<div class="alert" role="alert" id="alert">/,
     'the page has an alert');
like($wrong->{body}, qr/aria-describedby="alert hint" aria-invalid="true"/,
     'the field refers to the alert');
like($wrong->{body}, qr/value="12"/, 'the field keeps what was typed');
is(scalar($t->sms()), 0, 'a refused number gets no SMS');

# the right one

my $pin_page = $t->submit($page, 'number',
                          { country => 'FR', number => '06 00 00 00 01' });
my $sms = $t->wait_for_sms('33600000001');
my ($pin) = $sms->{text} =~ /\b(\d{6})\b/;

is($pin_page->{status}, 200, 'a right number leads to a page');
like($pin_page->{body}, qr/autocomplete="one-time-code"/,
     'the page lets phones fill in the code');
like($pin_page->{body},
     qr/code to \+33 6 00 00 00 01\./,
     'the page shows the number that was typed');
like($pin_page->{body}, qr/4\.99.*added to your demo_fr bill/s,
     'the page shows price and bill');
like($pin_page->{body}, qr/data-wait="30".*You can ask again in 30 seconds/s,
     'the page says when another code can be asked for');
like($sms->{text}, qr/to pay \x{20ac}4\.99/, 'the SMS says the price');
like($sms->{text}, qr/\n\@127\.0\.0\.1 #$pin$/,
     'the SMS names the host, for browsers');
is($t->payment($id)->{status}, 'pending',
   'the payment is pending until the code is typed');

# Another code is asked for too soon.

my $soon = $t->submit($pin_page, 'resend');

is($soon->{status}, 200, 'another code too soon gets a page');
like($soon->{body}, qr/A code was sent a moment ago/,
     'the page says that a code was just sent');
is(scalar($t->sms('33600000001')), 1, 'no second code is sent');

my $used = $t->submit($pin_page, 'pin', { pin => $pin });

is($used->{status}, 303, 'a used page leads to a fresh one');
is($t->charged($id), 0, 'a used page charges nothing');

# Wrong codes.

my $malformed = $t->submit($soon, 'pin', { pin => '12345' });

is($malformed->{status}, 422, 'a code of five digits is refused');
like($malformed->{body}, qr/The code has six digits/,
     'the page says that a code has six digits');

my $bad = $t->submit($malformed, 'pin',
                     { pin => sprintf('%06d', ($pin + 1) % 1000000) });

is($bad->{status}, 422, 'a wrong code is refused');
like($bad->{body}, qr/not the code in the SMS\. 4 tries are left/,
     'the page says how many tries are left');
is($t->payment($id)->{status}, 'pending', 'a wrong code pays nothing');

for my $left (3, 2) {
    $bad = $t->submit($bad, 'pin',
                      { pin => sprintf('%06d', ($pin + 1) % 1000000) });
    like($bad->{body}, qr/$left tries are left/,
         "after another wrong code $left tries are left");
}

$bad = $t->submit($bad, 'pin',
                  { pin => sprintf('%06d', ($pin + 1) % 1000000) });
like($bad->{body}, qr/One try is left/,
     'after the fourth wrong code one try is left');

# A right number.

my $done = $t->submit($bad, 'pin', { pin => $pin });

is($done->{status}, 303, 'the right code leads to the receipt');

my $receipt = $t->follow($done);

is($receipt->{status}, 200, 'the receipt is shown');
like($receipt->{body}, qr/Paid\. Thank you!.*4\.99/s,
     'the receipt shows the price');
like($receipt->{body}, qr{https://shop\.example/r\?payment=$id},
     'the receipt leads back to the shop');
unlike($receipt->{body}, qr{action="[^"]*/mail"},
       'the receipt offers no mail without a mail server');
is($t->payment($id)->{status}, 'succeeded', 'the payment has succeeded');
is($t->charged($id), 1, 'the operator has charged once');
is($t->value('select method from carrierpay.consent'), 'pin_sms',
   'the consent has the method pin_sms');
is($t->follow($t->submit($bad, 'pin', { pin => $pin }))->{status}, 200,
   'the code a second time leads to the receipt');
is($t->charged($id), 1, 'the code a second time charges nothing');

# After five wrong guesses a code is dead, and the next one is good.

my $second = $t->create();
my $form = $t->submit($t->unknown($second, from => '127.0.101.1'), 'number',
                      { country => 'FR', number => '0600000011' });
my $first_pin = $t->wait_for_pin('33600000011');

$form = $t->submit($form, 'pin',
                   { pin => sprintf('%06d', ($first_pin + 1) % 1000000) })
    for 1 .. 5;
like($form->{body}, qr/Too many wrong codes: this one is no longer good/,
     'the page says that the fifth wrong code was the last');
unlike($form->{body}, qr{action="[^"]*/pin"},
       'the page has no form for a code that is no longer good');

my $dead = { body => $form->{body} =~ s{/resend"}{/pin"}r,
             from => $form->{from} };

$form = $t->submit($dead, 'pin', { pin => $first_pin });
like($form->{body}, qr/Too many wrong codes: this one is no longer good/,
     'the right code after five wrong ones is refused');
is($t->charged($second->{id}), 0,
   'the right code after five wrong ones charges nothing');

$t->an_hour_passes();
$t->sql('update carrierpay.pin set sent_at = sent_at - 60000');
$form = $t->submit($form, 'resend');
like($form->{body}, qr/A new code is on its way/, 'another code is sent');

my $second_pin = $t->wait_for_pin('33600000011', 2);

$form = $t->follow($t->submit($form, 'pin',
    { pin => $second_pin =~ s/^(\d{3})/ $1 /r }));
like($form->{body}, qr/Paid\. Thank you!/, 'the other code pays');
is($t->charged($second->{id}), 1, 'the other code charges once');

# A mistyped number is corrected at once; a third one waits, and the page does
# not pretend that a code was sent.

my $moved = $t->create();
my $old = $t->submit($t->unknown($moved), 'number',
                     { country => 'FR', number => '0600000111' });
my $code_111 = $t->wait_for_pin('33600000111');

$form = $t->submit($t->unknown($moved), 'number',
                   { country => 'FR', number => '0600000112' });
is($form->{status}, 200, 'the first correction is immediate');
like($form->{body}, qr/one-time-code/, 'the page asks for its code');

my $code_112 = $t->wait_for_pin('33600000112');
my $early = $t->submit($t->unknown($moved), 'number',
                       { country => 'FR', number => '0600000113' });

is($early->{status}, 429, 'a code for a third number too soon is refused');
ok($early->{header}{'retry-after'} > 20,
   'the refusal says when to come again');
like($early->{body},
     qr/been sent to another number\. You can ask again in \d+ seconds/,
     'the page says that a code was sent to another number, and when to ask');
unlike($early->{body}, qr/one-time-code/, 'the page asks for no code');
is(scalar($t->sms('33600000113')), 0, 'no code was sent to the third number');

$t->sql('update carrierpay.pin set sent_at = sent_at - 60000');
like($t->submit($early, 'number',
                { country => 'FR', number => '0600000113' })->{body},
     qr/one-time-code/, 'a code for the third number later is sent');
$t->wait_for_pin('33600000113');

$old = $t->submit($old, 'resend');
is($old->{status}, 429,
   'the page of the first number is refused another code');
unlike($old->{body}, qr/one-time-code/,
       'the page of the first number asks for no code');
$t->submit($form, 'pin', { pin => $code_111 }) if $code_111 ne $code_112;
is($t->charged($moved->{id}), 0,
   'the code of the first number charges nothing');

# The page in another browser.

my $third = $t->create();

$form = $t->submit($t->unknown($third), 'number',
                   { country => 'FR', number => '0600000012' });
$pin = $t->wait_for_pin('33600000012');

my $thief = $t->submit($form, 'pin', { pin => $pin }, agent => 'another');

is($thief->{status}, 303,
   'the page from another browser leads to a fresh one');
is($t->charged($third->{id}), 0,
   'the code from another browser charges nothing');

# The payment's own language goes before the browser's.

my $french = $t->create(locale => 'fr');
my $fr = $t->unknown($french, headers => ['Accept-Language: en'],
                     from => '127.0.102.1');

like($fr->{body}, qr/<html lang="fr".*4,99/s,
     'the page of a payment in French is in French');
is($fr->{header}{'content-language'}, 'fr',
   'the header says that the page is in French');

$form = $t->submit($fr, 'number', { country => 'FR', number => '0600000013' },
                   headers => ['Accept-Language: en']);
like($form->{body}, qr/<html lang="fr".*Saisissez votre code/s,
     'the page for the code is in French');
like($t->wait_for_sms('33600000013')->{text},
     qr/votre code est (\d{6}) pour payer 4,99/, 'the SMS is in French');

my ($code) = $t->wait_for_sms('33600000013')->{text} =~ /(\d{6})/;

$t->submit($form, 'pin', { pin => $code },
           headers => ['Accept-Language: en']);
is($t->payment($french->{id})->{status}, 'succeeded',
   'the payment in French has succeeded');
is($t->value("select c.locale from carrierpay.consent c"
    . " join carrierpay.payment"
    . " p on p.id = c.payment_id where p.locale = 'fr'"), 'fr',
   'the consent is in French');
is($t->value('select count(distinct page) from carrierpay.consent'), 2,
   'the pages of two languages have two hashes');

# Without Redis no code is sent.

$page = $t->unknown($t->create());
$t->stop_redis();
is($t->submit($page, 'number', { country => 'FR', number => '0600000014' })
       ->{status}, 503, 'without Redis no code is sent');
$t->start_redis();
