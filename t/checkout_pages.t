#!/usr/bin/perl

# What every page shows of its merchant, what goes with it, and what a receipt
# offers: an SMS in place of a code, a mail, a stop.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Test::More;

my $t = Carrierpay::Test->start(sms => 1,
    http => 'carrierpay_smtp host=127.0.0.1 port=1 tls=off'
            . ' from=receipts@pay.example;');
my $logo = 'data:image/png;base64,' . 'A' x 8000 . '+/==';

# nothing is registered

$t->sql('update carrierpay.merchant set support = null, terms_url = null,'
    . ' colour = null, logo = null, frames = null');

my $page = $t->checkout($t->create());
my $policy = $page->{header}{'content-security-policy'};

like($policy, qr/^default-src 'none'; style-src 'self'; img-src data:;/,
     'the policy: nothing from elsewhere');
like($policy, qr/script-src 'self'; connect-src 'self'; base-uri 'none';/,
     'no inline script');
like($policy, qr{form-action 'self' http://127\.0\.0\.1:\d+; },
     'forms lead to us, and to the plain listener');
like($policy, qr/; frame-ancestors 'none'$/, 'nobody may frame it');
is($page->{header}{'x-frame-options'}, 'DENY', 'nor in old browsers');
is($page->{header}{'x-content-type-options'}, 'nosniff', 'nosniff');
like($page->{header}{'cache-control'}, qr/no-store/, 'not kept');
unlike($page->{body}, qr/<img|colour\.|Questions\?|Terms of sale/,
       'a merchant who shows nothing');
unlike($page->{body}, qr/ style=|<style|<script>| on\w+=/, 'nothing inline');

# what a merchant shows

$t->sql('update carrierpay.merchant set support = ?, terms_url = ?,'
    . ' colour = ?, logo = ?', 'help@shop.example',
    'https://shop.example/terms?a=1&b=2', 'ff7900', $logo);
$page = $t->checkout($t->create());

like($page->{body}, qr{<img class="logo" src="\Q$logo\E" alt=""}, 'a logo');
like($page->{body},
     qr{Questions\? <a href="mailto:help\@shop\.example">help\@shop\.example<},
     'whom to ask');
like($page->{body}, qr{href="https://shop\.example/terms\?a=1&amp;b=2"},
     'terms');
like($page->{body}, qr{"stylesheet" href="/pay/colour\.ff7900\.css">},
     'a colour');

my $size = length($page->{body});

for my $asset ($page->{body} =~ m{(?:href|src)="(/pay/[a-z]+\.\w+\.\w+)"}g) {
    my $answer = $t->get($t->url('tls', $asset));

    is($answer->{status}, 200, "$asset is there");
    like($answer->{header}{'cache-control'}, qr/max-age=31536000, immutable/,
         'for ever');
    like($answer->{header}{'content-type'},
         $asset =~ /css$/ ? qr{^text/css} : qr{^text/javascript}, 'its type');
    is($answer->{header}{'x-content-type-options'}, 'nosniff', 'nosniff');
    ok(length($answer->{body}) < 4096, 'a small script') if $asset =~ /js$/;
    $size += length($answer->{body});
}

ok($size < 30000, "the page with all that it loads: $size bytes");

# colours: what is written on them can be read

for my $case (['ff7900', '050505'], ['000000', 'ffffff'],
              ['ffffff', '050505'], ['0b4fd1', 'ffffff'])
{
    my ($brand, $on) = @$case;

    is($t->get($t->url('tls', "/pay/colour.$brand.css"))->{body},
       ":root{--brand:#$brand;--on:#$on}\n", "on $brand is written $on");
}

is($t->get($t->url('tls', "/pay/$_"))->{status}, 404, "no $_")
    for qw(colour.FF7900.css colour.ff790.css colour.ff7900.js colour.css
           colour.gggggg.css style.css script.0000000000000000.js);

# support that is a number, or words

for my $case (['+33 1 23 45', '<a href="tel:\+3312345">\+33 1 23 45</a>'],
              ['https://shop.example/help',
               '<a href="https://shop\.example/help">https:'],
              ['ask at the desk', 'ask at the desk</p>'],
              ['javascript:alert(1)', 'javascript:alert\(1\)</p>'])
{
    my ($support, $shown) = @$case;

    $t->sql('update carrierpay.merchant set support = ?', $support);
    like($t->checkout($t->create())->{body}, qr/Questions\? $shown/,
         "support: $support");
}

# whose bill, by the name that the shopper knows

like($t->checkout($t->create(), msisdn => '33700001234')->{body},
     qr/added to your Demo Virtuel bill \(demo_fr network\)/,
     'the bill of an MVNO');

# an SMS of his in place of a code

my $payment = $t->create();
my $form = $t->unknown($payment);
my $waiting = $t->submit($form, 'mo');

is($waiting->{status}, 303, 'he will send an SMS: to a page');

my $mo = $t->follow($waiting);
my ($code) = $mo->{body} =~ /YES (\d{6}) to 38888/;

ok($code, 'that says what to send, and where');
like($mo->{body}, qr{href="sms:38888\?&amp;body=YES%20$code"}, 'as a link');
like($mo->{body}, qr/<noscript><meta http-equiv="refresh"/, 'and waits');
is($t->follow($waiting)->{body}, $mo->{body}, 'and waits on');
is($t->mo('33600000031', "yes $code")->{status}, 200, 'the SMS comes');

my $confirm;

$t->wait_ok(sub {
    $confirm = $t->follow($waiting);
    return $confirm->{body} =~ /Confirm your payment/;
}, 'the page goes on');
like($confirm->{body}, qr/\+33\*+31/, 'with his line');
is($t->charged($payment->{id}), 0, 'nothing is charged by an SMS');
is($t->submit($confirm, 'confirm')->{status}, 303, 'a tap');
is($t->payment($payment->{id})->{status}, 'succeeded', 'pays');
is($t->value('select method from carrierpay.consent where payment_id ='
    . ' (select max(payment_id) from carrierpay.consent)'), 'mo_sms',
   'the consent knows how he was identified');

# the receipt by mail

my ($url) = $payment->{next_action}{url} =~ m{/(cs_[^/]+)$};

$url = $t->url('tls', "/pay/$url");

my $receipt = $t->get($url);

like($receipt->{body}, qr/Paid\. Thank you!/, 'a receipt');
like($receipt->{body}, qr{data-return="https://shop\.example/r\?payment=},
     'that leads back by itself, when nobody stays');

like($receipt->{body}, qr{action="[^"]*/mail"}, 'and offers a mail');

my $bad = $t->submit($receipt, 'mail', { email => 'nobody' });

is($bad->{status}, 422, 'no address');
like($bad->{body}, qr/This is no e-mail address.*value="nobody"/s, 'says so');

for my $n (1 .. 3) {
    my $sent = $t->submit($receipt, 'mail', { email => "a$n\@example.com" },
                          headers => ['Accept-Language: fr']);

    is($sent->{status}, 303, "mail $n");
    like($t->follow($sent)->{body}, qr/will be sent to this address/, 'sent');
}

like($t->follow($t->submit($receipt, 'mail', { email => 'a@example.com' }))
         ->{body}, qr/as many addresses as possible/, 'no fourth one');
is($t->value("select count(*) from carrierpay.message where channel = 'm'"),
   3, 'three mails wait');
is($t->value("select distinct locale from carrierpay.message"
    . " where channel = 'm'"), 'en', "in the payment's language");
is($t->value("select count(*) from carrierpay.message"
    . " where position('example'::bytea in recipient) > 0"), 0,
   'and no address is there to read');

# no more purchases

my $ask = $t->get("$url/stop");

is($ask->{status}, 200, 'a page before anything is blocked');
like($ask->{body}, qr{Block purchases\?.*/stop"}s, 'that asks');
is($t->value('select count(*) from carrierpay.block'), 0, 'nothing yet');

my $stopped = $t->submit($ask, 'stop');

is($stopped->{status}, 200, 'blocked');
like($stopped->{body}, qr/Purchases are blocked/, 'says so');
like($t->checkout($t->create(), msisdn => '33600000031')->{body},
     qr/blocked for this number/, 'the line cannot pay any more');

my $unpaid = $t->create();
my ($none) = $unpaid->{next_action}{url} =~ m{/(cs_[^/]+)$};

is($t->get($t->url('tls', "/pay/$none/stop"))->{status}, 404,
   'who has not paid has nothing to block');

# a tap in another place, and a second line

my $moved = $t->create();

$page = $t->checkout($moved, msisdn => '33600000041');

my $elsewhere = $t->submit($page, 'confirm', {}, from => '127.0.0.3');

is($elsewhere->{status}, 200, 'a tap from another network');
like($elsewhere->{body}, qr/Your connection has changed.*Code from the SMS/s,
     'needs a code');
is($t->charged($moved->{id}), 0, 'nothing charged');

my $paid = $t->submit($elsewhere, 'pin',
                      { pin => $t->wait_for_pin('33600000041') },
                      from => '127.0.0.3');

is($paid->{status}, 303, 'with it');
is($t->charged($moved->{id}), 1, 'it pays');

my $two = $t->create();

$t->checkout($two, msisdn => '33600000042');
$page = $t->checkout($two, msisdn => '33600000043');
like($page->{body}, qr/sure that this line is yours.*Code from the SMS/s,
     'another number in the middle needs a code');
unlike($page->{body}, qr{/confirm"}, 'and no tap will do');
