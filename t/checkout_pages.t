#!/usr/bin/perl

# What every page shows of its merchant, what goes with it, and what a receipt
# offers: an SMS in place of a code, a mail, a stop.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Services qw(read_file write_file);
use Test::More;

my $t = Carrierpay::Test->start(sms => 1,
    http => 'carrierpay_smtp host=127.0.0.1 port=1 tls=off'
            . ' from=receipts@pay.example;');
my $logo = 'data:image/png;base64,' . 'A' x 8000 . '+/==';

# A merchant that has registered nothing for its pages.

$t->sql('update carrierpay.merchant set support = null, terms_url = null,'
    . ' colour = null, logo = null, frames = null');

my $page = $t->checkout($t->create());
my $policy = $page->{header}{'content-security-policy'};

like($policy, qr/^default-src 'none'; style-src 'self'; img-src data:;/,
     'the policy allows nothing from elsewhere');
like($policy, qr/script-src 'self'; connect-src 'self'; base-uri 'none';/,
     'the policy allows no inline script');
like($policy, qr{form-action 'self' http://127\.0\.0\.1:\d+; },
     'the policy allows forms to us and to the plain listener');
like($policy, qr/; frame-ancestors 'none'$/, 'the policy allows no frame');
is($page->{header}{'x-frame-options'}, 'DENY',
   'the page cannot be framed in old browsers');
is($page->{header}{'x-content-type-options'}, 'nosniff',
   "the page's type is not guessed");
like($page->{header}{'cache-control'}, qr/no-store/, 'the page is not cached');
unlike($page->{body}, qr/<img|colour\.|Questions\?|Terms of sale/,
       'the page of a merchant who shows nothing has no logo, colour or link');
unlike($page->{body}, qr/ style=|<style|<script>| on\w+=/,
       'the page has no inline style or script');

# A merchant with logo, colour, support and terms.

$t->sql('update carrierpay.merchant set support = ?, terms_url = ?,'
    . ' colour = ?, logo = ?', 'help@shop.example',
    'https://shop.example/terms?a=1&b=2', 'ff7900', $logo);
$page = $t->checkout($t->create());

like($page->{body}, qr{<img class="logo" src="\Q$logo\E" alt=""},
     'the page shows the logo');
like($page->{body},
     qr{Questions\? <a href="mailto:help\@shop\.example">help\@shop\.example<},
     'the page says whom to ask');
like($page->{body}, qr{href="https://shop\.example/terms\?a=1&amp;b=2"},
     'the page links to the terms of sale');
like($page->{body}, qr{"stylesheet" href="/pay/colour\.ff7900\.css">},
     "the page has the merchant's colour");

my $size = length($page->{body});

for my $asset ($page->{body} =~ m{(?:href|src)="(/pay/[a-z]+\.\w+\.\w+)"}g) {
    my $answer = $t->get($t->url('tls', $asset));

    is($answer->{status}, 200, "$asset: is found");
    like($answer->{header}{'cache-control'}, qr/max-age=31536000, immutable/,
         "$asset: is cached for ever");
    like($answer->{header}{'content-type'},
         $asset =~ /css$/ ? qr{^text/css} : qr{^text/javascript},
         "$asset: has its type");
    is($answer->{header}{'x-content-type-options'}, 'nosniff',
       "$asset: its type is not guessed");
    ok(length($answer->{body}) < 4096,
       "$asset: the script is small") if $asset =~ /js$/;
    $size += length($answer->{body});
}

ok($size < 30000, "the page with all that it loads is small: $size bytes");

# Text on a colour can be read.

for my $case (['ff7900', '050505'], ['000000', 'ffffff'],
              ['ffffff', '050505'], ['0b4fd1', 'ffffff'])
{
    my ($brand, $on) = @$case;

    is($t->get($t->url('tls', "/pay/colour.$brand.css"))->{body},
       ":root{--brand:#$brand;--on:#$on}\n",
       "text on the colour $brand has the colour $on");
}

is($t->get($t->url('tls', "/pay/$_"))->{status}, 404, "$_ is not found")
    for qw(colour.FF7900.css colour.ff790.css colour.ff7900.js colour.css
           colour.gggggg.css style.css script.0000000000000000.js);

# Each page names the provider, its help desk and its privacy policy.

like($page->{body}, qr{Payment\ by\ phone\ bill,\ provided\ by
         \ Example\ Payments\ SAS</p>\n<p>Help\ with\ the\ payment:
         \ <a\ href="mailto:help\@pay\.example">help\@pay\.example</a>.*
         <a\ href="https://pay\.example/privacy"[^>]*>Privacy</a>}sx,
     'the page names the provider, its help desk and its privacy policy');
like($page->{body},
     qr{<title>Confirm your payment – Demo shop, €4\.99</title>},
     'the title has merchant and price');
like($page->{body}, qr{<link rel="icon" href="data:image/svg\+xml,},
     'the page has an icon, and asks for none');
like($page->{body}, qr{<html lang="en" dir="ltr">},
     'the page says in which direction it is read');

my ($style) = $page->{body} =~ m{"(/pay/style\.\w+\.css)"};

unlike($t->get($t->url('tls', $style))->{body}, qr/\b(?:left|right)\b/,
       'the stylesheet knows start and end, and no left and right');

# Support may be a number, an address, or words.

for my $case (['+33 1 23 45', '<a href="tel:\+3312345">\+33 1 23 45</a>'],
              ['https://shop.example/help',
               '<a href="https://shop\.example/help">https:'],
              ['ask at the desk', 'ask at the desk</p>'],
              ['javascript:alert(1)', 'javascript:alert\(1\)</p>'])
{
    my ($support, $shown) = @$case;

    $t->sql('update carrierpay.merchant set support = ?', $support);
    like($t->checkout($t->create())->{body}, qr/Questions\? $shown/,
         "the page shows the support contact $support");
}

# The page names the bill as the shopper knows it.

like($t->checkout($t->create(), msisdn => '33700001234')->{body},
     qr/added to your Demo Virtuel bill \(demo_fr network\)/,
     'the page names the bill of the MVNO');

# An SMS of the shopper's in place of a code.

my $payment = $t->create();
my $form = $t->unknown($payment);
my $waiting = $t->submit($form, 'mo');

is($waiting->{status}, 303, 'the choice to send an SMS leads to a page');

my $mo = $t->follow($waiting);
my ($code) = $mo->{body} =~ /YES (\d{6}) to 38888/;

ok($code, 'the page says what to send, and where');
like($mo->{body}, qr{href="sms:38888\?&amp;body=YES%20$code"},
     'the page has a link that opens an SMS');
like($mo->{body}, qr/<noscript><meta http-equiv="refresh"/,
     'the page refreshes by itself');
is($t->follow($waiting)->{body}, $mo->{body},
   'the page is the same until the SMS comes');
like($t->agree('33600000031', "yes $code"), qr/Demo shop: \x{20ac}4\.99/,
     "the shopper's SMS is answered with the price");

my $confirm;

$t->wait_ok(sub {
    $confirm = $t->follow($waiting);
    return $confirm->{body} =~ /Confirm your payment/;
}, "the page goes on when the payer's word has come");
like($confirm->{body}, qr/\+33\*+31/,
     'the page shows the line that sent the SMS');
is($t->charged($payment->{id}), 0, 'the SMS charges nothing');
is($t->submit($confirm, 'confirm')->{status}, 303,
   'the tap after the SMS is taken');
is($t->payment($payment->{id})->{status}, 'succeeded',
   'the tap after the SMS pays');
is($t->value('select method from carrierpay.consent where payment_id ='
    . ' (select max(payment_id) from carrierpay.consent)'), 'mo_sms',
   'the consent has the method mo_sms');

# The receipt by mail.

my ($url) = $payment->{next_action}{url} =~ m{/(cs_[^/]+)$};

$url = $t->url('tls', "/pay/$url");

my $receipt = $t->get($url);

like($receipt->{body}, qr/Paid\. Thank you!/, 'the receipt is shown');
like($receipt->{body}, qr{data-return="https://shop\.example/r\?payment=},
     'the receipt leads back to the shop by itself');

like($receipt->{body}, qr{action="[^"]*/mail"}, 'the receipt offers a mail');

my ($today) = $t->value("select to_char(now() at time zone 'UTC',"
                        . " 'YYYY-MM-DD')");

like($receipt->{body}, qr{<dd>$today \d\d:\d\d UTC</dd>},
     'the receipt has the date');
like($receipt->{body}, qr{Tax included</dt><dd>€\s*0\.83</dd>}s,
     'the receipt has the tax in the price');
like($receipt->{body}, qr{<dd class="code">order-1</dd>},
     "the receipt has the merchant's reference");
like($receipt->{body}, qr{<dd>\+33\*{6}\d\d</dd>},
     'the receipt has the masked number');
like($t->get($t->url('tls', '/pay/' . ($receipt->{body}
                     =~ m{href="/pay/(\w+\.\w+\.css)"})[0]))->{body}
     // '', qr/\@media print/, 'the receipt has a style for paper');

my $bad = $t->submit($receipt, 'mail', { email => 'nobody' });

is($bad->{status}, 422, 'what is no e-mail address is refused');
like($bad->{body}, qr/Enter an e-mail address like.*value="nobody"/s,
     'the page says that it is no e-mail address, and keeps it');

for my $n (1 .. 3) {
    my $sent = $t->submit($receipt, 'mail', { email => "a$n\@example.com" },
                          headers => ['Accept-Language: fr']);

    is($sent->{status}, 303, "mail $n is taken");
    unlike($sent->{header}{location}, qr/example/,
           "mail $n: the address is not in the URL");
    like($t->follow($sent)->{body}, qr/will be sent to a$n\@example\.com/,
         "mail $n: the page says where it will be sent");
    unlike($t->follow($sent, agent => 'another')->{body}, qr/a$n\@example/,
           "mail $n: another browser does not see the address");
}

like($t->follow($t->submit($receipt, 'mail', { email => 'a@example.com' }))
         ->{body}, qr/as many addresses as possible/,
     'a fourth mail is refused');
is($t->value("select count(*) from carrierpay.message where channel = 'm'"),
   3, 'three mails are queued');
is($t->value("select distinct locale from carrierpay.message"
    . " where channel = 'm'"), 'en',
   "the mails are in the payment's language");
is($t->value("select count(*) from carrierpay.message"
    . " where position('example'::bytea in recipient) > 0"), 0,
   'the addresses are stored sealed');

# Purchases are blocked from the receipt.

my $ask = $t->get("$url/stop");

is($ask->{status}, 200, 'the link to block purchases leads to a page');
like($ask->{body}, qr{Block purchases\?.*/stop"}s,
     'the page asks before anything is blocked');
is($t->value('select count(*) from carrierpay.block'), 0,
   'the page blocks nothing by itself');

my $stopped = $t->submit($ask, 'stop');

is($stopped->{status}, 200, 'the form blocks purchases');
like($stopped->{body}, qr/Purchases are blocked/,
     'the page says that purchases are blocked');
like($t->checkout($t->create(), msisdn => '33600000031')->{body},
     qr/blocked for this number/, 'the blocked line cannot pay any more');

my $unpaid = $t->create();
my ($none) = $unpaid->{next_action}{url} =~ m{/(cs_[^/]+)$};

is($t->get($t->url('tls', "/pay/$none/stop"))->{status}, 404,
   'a payment that nobody has paid has nothing to block');

# A tap from another network, and a second visit with another number.

my $moved = $t->create();

$page = $t->checkout($moved, msisdn => '33600000041');

my $elsewhere = $t->submit($page, 'confirm', {}, from => '127.0.0.3');

is($elsewhere->{status}, 200, 'a tap from another network gets a page');
like($elsewhere->{body}, qr/Your connection has changed.*Code from the SMS/s,
     'a tap from another network needs a code');
is($t->charged($moved->{id}), 0, 'a tap from another network charges nothing');

my $paid = $t->submit($elsewhere, 'pin',
                      { pin => $t->wait_for_pin('33600000041') },
                      from => '127.0.0.3');

is($paid->{status}, 303, 'the code from another network is taken');
is($t->charged($moved->{id}), 1, 'the code from another network pays');

my $two = $t->create();

$t->checkout($two, msisdn => '33600000042');
$page = $t->checkout($two, msisdn => '33600000043');
like($page->{body}, qr/sure that this line is yours.*Code from the SMS/s,
     'a number that changes between two visits needs a code');
unlike($page->{body}, qr{/confirm"},
       'a number that changes between two visits cannot tap');

# An SMS is called free only where all gateways are.

my $conf = "$t->{dir}/nginx.conf";

like($t->unknown($t->create())->{body},
     qr/The SMS is free\. You will see the price/,
     'the page says that an SMS is free');
write_file($conf, read_file($conf) =~ s/free\s+on;//r);
ok($t->reload(), 'the gateway is no longer said to be free');
like($t->unknown($t->create())->{body},
     qr/<p class="small">You will see the price once more/,
     'the page says nothing of what an SMS costs');
