#!/usr/bin/perl

# A GET that no shopper has opened leaves no trace: an image or a frame of any
# page, a prefetch, a preview robot, a HEAD. Nothing is sent, used up or
# remembered. What a shopper opens goes on, with a browser of any age.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::HTTP qw(http);
use Digest::SHA qw(sha256_base64);
use Test::More;

my $NUMBER = '33600000031';
my @WINDOW = Carrierpay::Test->window();

my %silent = (
    'an image' => ['Sec-Fetch-Mode: no-cors', 'Sec-Fetch-Dest: image',
                   'Sec-Fetch-Site: cross-site'],
    'a frame' => ['Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: iframe',
                  'Sec-Fetch-Site: cross-site'],
    "another site's script" => ['Sec-Fetch-Mode: cors',
                                'Sec-Fetch-Dest: empty',
                                'Sec-Fetch-Site: cross-site'],
    'a prefetch' => [@WINDOW, 'Sec-Purpose: prefetch'],
    'a page rendered ahead' => [@WINDOW, 'Sec-Purpose: prefetch;prerender'],
    'an old prefetch' => [@WINDOW, 'X-Moz: prefetch'],
    'a robot' => [],
);

my $t = Carrierpay::Test->start(sms => 1);
my $payment = $t->create();
my $link = $payment->{next_action}{url};

# The browser on its operator's network, which adds the header.

sub on_network {
    my ($method, $url, $headers, %option) = @_;

    return http($method, $url, from => '127.0.0.2',
                ca => "$t->{root}/demo.crt",
                headers => ["X-MSISDN: $NUMBER", @$headers], %option);
}

# All that a request could leave behind.

sub traces {
    my @rows = map { "$_ " . $t->value("select count(*) from carrierpay.$_") }
               qw(message consent event subscriber pin);

    return join("\n", sort(split(/\n/, $t->redis('keys', '*'))), @rows,
                scalar(my @sms = $t->sms()));
}

my $before = traces();

# The plain listener, where browsers send no Fetch Metadata at all.

for my $name (sort(keys(%silent))) {
    my $answer = on_network('GET', $link, $silent{$name});

    is($answer->{status}, 200, "$name: the plain listener answers");
    is($answer->{header}{location}, undef,
       "$name: the plain listener gives no token");
    like($answer->{body}, qr{<form method="post"><button},
         "$name: the answer has a button");
}

my $head = on_network('HEAD', $link, \@WINDOW);

is($head->{header}{location}, undef, 'HEAD: no token');
is(traces(), $before, 'the plain listener has remembered nothing');

my $notice = on_network('GET', $link, ['Accept-Language: fr']);

like($notice->{body}, qr{<html lang="fr">.*name="viewport".*Continuer}s,
     'the page before a session is in the language of the browser');
is($notice->{header}{'x-frame-options'}, 'DENY',
   'the page before a session cannot be framed');

for my $kind (qw(style script)) {
    my ($text) = $notice->{body} =~ m{<$kind>(.*?)</$kind>}s;
    my $hash = sha256_base64($text);

    $hash .= '=' while length($hash) % 4;
    like($notice->{header}{'content-security-policy'},
         qr/default-src 'none'.*$kind-src 'sha256-\Q$hash\E'/,
         "the page before a session has one $kind, which its policy names");
}

unlike("$notice->{headers}$notice->{body}", qr/600000031/,
       'the page before a session does not show the number');

# The button, or the script, which posts to the same place.

my $origin = $t->url('plain', '');

for my $case (["another site's form", 'Origin: https://evil.example'],
              ['a form without an origin', 'Origin: null'],
              ['a form of another site', 'Sec-Fetch-Site: cross-site'])
{
    my ($name, @headers) = @$case;
    my $answer = on_network('POST', $link, \@headers, body => '');

    is($answer->{status}, 403, "$name: refused");
    like($answer->{body}, qr/did not come from our own page/,
         "$name: the page says why");
}

is(traces(), $before, 'forms of other sites have opened no session');

for my $case (['a browser', "Origin: $origin"], ['an old browser']) {
    my ($name, @headers) = @$case;
    my $answer = on_network('POST', $link, \@headers, body => '');

    is($answer->{status}, 303, "$name: the button goes on");
    like($answer->{header}{location}, qr{^https://.*\?t=[\w-]{22}$},
         "$name: the button brings the token");
}

# HTTPS: the token is used by the shopper alone.

my $target = on_network('GET', $link, \@WINDOW)->{header}{location};

$before = traces();

for my $name (sort(keys(%silent))) {
    my $answer = on_network('GET', $target, $silent{$name});

    is($answer->{status}, 200, "$name: HTTPS answers");
    unlike($answer->{body}, qr{/confirm"|\+33\*},
           "$name: HTTPS shows neither number nor button to pay");
}

$head = on_network('HEAD', $target, \@WINDOW);
is("$head->{status}$head->{body}", 200, 'HEAD: HTTPS answers');
is(traces(), $before, 'the token has not been used, and no page remembered');

my $page = on_network('GET', $target, \@WINDOW);

like($page->{body}, qr{action="[^"]*/confirm"},
     'the window that the shopper opens has the button to pay');

# A number that differs from the first one is sent a PIN: to a shopper alone.

$NUMBER = '33600000032';
$target = on_network('GET', $link, \@WINDOW)->{header}{location};
$before = traces();

on_network('GET', $target, $silent{$_}) for sort(keys(%silent));
is(traces(), $before, 'no image, frame, prefetch or robot has a PIN sent');

my $asked = http('POST', $target, from => '127.0.0.2', body => '',
                 ca => "$t->{root}/demo.crt");

like($asked->{body}, qr{name="pin"},
     'an old browser posts, and gets the page');
$t->wait_for_sms($NUMBER);
is(scalar(my @sent = $t->sms($NUMBER)), 1, 'one PIN was sent to the number');

# A client that leaves the operator's network has nothing to lose.

is($t->get($link, opened => 0)->{status}, 303,
   'without an identity the link leads on at once');

$t->pay('33600000033');

$before = traces();

http('GET', $t->url('tls', '/pay/' . ($link =~ m{/i/(.*)})[0] . $_),
     ca => "$t->{root}/demo.crt") for '', '/stop', '?n=relay', '?s=sent';
is(traces(), $before, 'pages without a token have no effect');
