#!/usr/bin/perl

# No shopper pays by accident, and no page or script pays for a shopper: what
# sent the form, from where, and how soon.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::HTTP qw(http_send http_receive form_fields urlencode);
use Carrierpay::Test::Services qw(command);
use Test::More;

my $CHROME = 'Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 (KHTML, like'
             . ' Gecko) Chrome/120.0.0.0 Mobile Safari/537.36';
my $SAFARI = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X)'
             . ' AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0'
             . ' Mobile/15E148 Safari/604.1';

my $t = Carrierpay::Test->start(sms => 1);
my $origin = $t->url('tls', '');

sub touch { return map { "Sec-Fetch-$_" } 'Site: same-origin', 'User: ?1',
                       'Mode: navigate', 'Dest: document' }

# Taps on a fresh page with these headers; returns the answer, whether it
# charged, and the page.

sub tap {
    my ($agent, @headers) = @_;
    my $payment = $t->create();
    my $page = $t->follow($t->identify($payment, agent => $agent),
                         agent => $agent);
    my $answer = $t->submit($page, 'confirm', {}, agent => $agent,
                            headers => \@headers);

    return ($answer, $t->charged($payment->{id}), $page);
}

sub refused {
    my ($name, $agent, @headers) = @_;
    my ($answer, $charged) = tap($agent, @headers);

    is($answer->{status}, 403, "$name: the tap is refused");
    like($answer->{body}, qr/nothing was charged/,
         "$name: the page says that nothing was charged");
    is($charged, 0, "$name: nothing is charged");
}

sub charges {
    my ($name, $agent, @headers) = @_;
    my ($answer, $charged) = tap($agent, @headers);

    is($answer->{status}, 303, "$name: the tap is taken");
    is($charged, 1, "$name: the operator has charged once");
}

charges('an old browser', 'Opera Mini');
charges('Chrome', $CHROME, touch(), "Origin: $origin");
charges('Safari knows no Sec-Fetch-User', $SAFARI, "Origin: $origin",
        'Sec-Fetch-Site: same-origin');
charges('an origin in capitals', $CHROME, touch(), 'Origin: ' . lc($origin));

refused('another site', $CHROME, 'Sec-Fetch-Site: cross-site',
        'Sec-Fetch-User: ?1');
refused('a neighbour', $CHROME, 'Sec-Fetch-Site: same-site',
        'Sec-Fetch-User: ?1');
refused('typed into the address', $CHROME, 'Sec-Fetch-Site: none',
        'Sec-Fetch-User: ?1');
refused('another origin', 'Opera Mini', 'Origin: https://evil.example');
refused('another port', 'Opera Mini', 'Origin: https://127.0.0.1:1');
refused('plain HTTP', 'Opera Mini', 'Origin: ' . $origin =~ s/https/http/r);
refused('no origin', 'Opera Mini', 'Origin: null');
refused('two origins', 'Opera Mini', "Origin: $origin",
        'Origin: https://evil.example');
refused('a script, in Chrome', $CHROME, 'Sec-Fetch-Site: same-origin');
refused('a script, in Firefox', 'Mozilla/5.0 (X11; rv:120.0) Gecko/20100101'
        . ' Firefox/120.0', 'Sec-Fetch-Site: same-origin');

# Our own origin, whichever way the client names us.

sub tap_as {
    my ($version, $origin, @lines) = @_;
    my $payment = $t->create();
    my ($action, %field) = form_fields($t->checkout($payment)->{body});
    my $body = urlencode(%field);
    my $sent = http_send('POST', $t->url('tls', '/'),
        from => '127.0.0.2', ca => "$t->{root}/demo.crt", raw => join("\r\n",
        "POST $action HTTP/$version", @lines, "Origin: $origin",
        'User-Agent: carrierpay-test', 'Connection: close',
        'Content-Length: ' . length($body), '', $body));

    return http_receive($sent)->{status};
}

my $port = $t->{port}{tls};

is(tap_as('1.0', $origin), 303,
   'HTTP/1.0 without Host: the origin is the address that was called');
is(tap_as('1.0', 'https://evil.example'), 403,
   'HTTP/1.0 without Host: another origin is refused');
is(tap_as('1.0', "https://127.0.0.1:1"), 403,
   'HTTP/1.0 without Host: another port is refused');
is(tap_as('1.1', 'https://pay.example', 'Host: pay.example'), 303,
   'the port of https is left out by both');
is(tap_as('1.1', 'https://pay.example', 'Host: pay.example:443'), 303,
   'the port of https is left out by the browser');
is(tap_as('1.1', 'https://PAY.example:443', 'Host: pay.Example'), 303,
   'the port of https is left out by Host, and names have no case');
is(tap_as('1.1', 'https://pay.example', "Host: pay.example:$port"), 403,
   'another port than that of https is another origin');
is(tap_as('1.1', 'https://pay.example:80', 'Host: pay.example'), 403,
   'the port of http is another origin');
is(tap_as('1.1', 'https://[::1]:8443', 'Host: [::1]:8443'), 303,
   'an address of IPv6 is an origin');
is(tap_as('1.1', 'https://pay.example.evil', 'Host: pay.example'), 403,
   'a longer name is another origin');

sub tap_http2 {
    my ($origin) = @_;
    my ($action, %field) = form_fields($t->checkout($t->create())->{body});

    return command('curl', '--no-progress-meter', '--http2', '--cacert',
                   "$t->{root}/demo.crt", '--interface', '127.0.0.2', '-A',
                   'carrierpay-test', '-H', "Origin: $origin", '-d',
                   urlencode(%field), '-o', '/dev/null', '-w',
                   '%{http_version} %{http_code}', $t->url('tls', $action));
}

is(tap_http2($origin), '2 303', 'HTTP/2: the origin is :authority');
is(tap_http2('https://evil.example'), '2 403',
   'HTTP/2: another origin is refused');

for my $form (qw(number mo)) {
    my $page = $t->unknown($t->create());

    is($t->submit($page, $form, { country => 'FR', number => '0600000001' },
                  headers => ['Origin: https://evil.example'])->{status}, 403,
       "another origin: the form \"$form\" is refused");
}

is(scalar(grep { $_->{text} =~ /your code is/ } $t->sms()), 0,
   'no code was sent for a form of another origin');

# A client that does not say what it is.

my $payment = $t->create();
my $bounce = $t->identify($payment);
my $nobody = $t->follow($bounce, agent => '');

is($nobody->{status}, 200, 'a browser without a user agent gets a page');
unlike($nobody->{body}, qr{/confirm"},
       'a page for a browser without a user agent has no button');
like($nobody->{body}, qr/does not say what it is/,
     'a page for a browser without a user agent says why');

my (undef, undef, $page) = tap('Opera Mini', 'Origin: https://evil.example');

is($t->submit($page, 'confirm', {}, agent => '')->{status}, 303,
   'a tap without a user agent leads back to the page');

# A machine that posts without the page.

my ($token) = $payment->{next_action}{url} =~ m{/(cs_[^/]+)$};

for my $body ('', 't=', 't=' . 'A' x 22, 't=' . 'A' x 22 . '&t=' . 'B' x 22) {
    my $answer = $t->post($t->url('tls', "/pay/$token/confirm"),
        headers => ['Content-Type: application/x-www-form-urlencoded'],
        body => $body);

    is($answer->{status}, 303,
       "posted \"$body\": the answer leads to the page");
}

is($t->payment($payment->{id})->{status}, 'pending',
   'a form that cannot be read confirms nothing');

# A tap in a frame.

my @framed = (touch(), 'Sec-Fetch-Dest: iframe');

@framed = grep { !/Dest: document/ } @framed;

my ($answer, $charged) = tap($CHROME, @framed);

is($answer->{status}, 403, 'a tap in a frame is refused');
is($charged, 0, 'a tap in a frame charges nothing');

$t->sql("update carrierpay.merchant set"
        . " frames = 'https://shop.example https://www.shop.example'");
($answer, $charged, $page) = tap($CHROME, @framed);
is($answer->{status}, 303, 'a tap in a registered frame is taken');
is($charged, 1, 'a tap in a registered frame charges');
like($page->{header}{'content-security-policy'},
     qr{frame-ancestors https://shop\.example https://www\.shop\.example$},
     'the policy names the site that may frame the page');
is($page->{header}{'x-frame-options'}, undef,
   'a page that may be framed has no X-Frame-Options');

$t->sql("update carrierpay.merchant set frames = 'https://a.example' ||"
        . " E'\\r\\nX-Evil:1'");
(undef, undef, $page) = tap($CHROME);
like($page->{header}{'content-security-policy'}, qr/frame-ancestors 'none'$/,
     'a frame that would end the header is not sent');
is($page->{header}{'x-evil'}, undef,
   'a frame that would add a header does not');
is($page->{header}{'x-frame-options'}, 'DENY',
   'a page with a malformed frame cannot be framed');
