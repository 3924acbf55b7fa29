#!/usr/bin/perl

# One header is believed, from the operator's own network, on the listener that
# says so. All other shoppers are asked for their number.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Test::More;

my $seen = 'return 200 "[$http_x_msisdn$http_x_imsi][$http_cookie]"';
my $t = Carrierpay::Test->start(
    plain => "set_real_ip_from 127.0.0.0/8; real_ip_header X-Forwarded-For;
              error_page 400 = /seen;  error_page 494 = \@seen;
              location = /seen  { $seen; }
              location \@seen   { $seen; }
              location = /app   { proxy_pass http://127.0.0.1:\@tls_port\@; }",
    tls => "error_page 497 = /seen;  location = /seen { $seen; }");
my $name = 'carrierpay_identity_total{result="%s"}';
my $number = 'X-MSISDN: 33600000001';

for my $case (
    ['one header', '127.0.0.2', 'accepted', $number],
    ['with a plus', '127.0.0.2', 'accepted', 'X-MSISDN: +33600000001'],
    ['no header', '127.0.0.2', 'absent'],
    ['Wi-Fi', '127.0.0.1', 'off_network'],
    ['a header from outside', '127.0.0.1', 'untrusted', $number],
    ['a header from outside, claiming an address inside', '127.0.0.1',
     'untrusted', $number, 'X-Forwarded-For: 127.0.0.2'],
    ['the other operator\'s network', '127.0.0.3', 'malformed', $number],
    ['two headers', '127.0.0.2', 'duplicate', $number,
     'x-msisdn: 33600000003'],
    ['two equal headers', '127.0.0.2', 'duplicate', $number, $number],
    ['a second header of another name', '127.0.0.2', 'conflict', $number,
     'X-Up-Calling-Line-Id: 33600000003'],
    ['two numbers in one', '127.0.0.2', 'malformed',
     'X-MSISDN: 33600000001, 33600000003'],
    ['a foreign number', '127.0.0.2', 'malformed', 'X-MSISDN: 4915112345678'],
    ['too short', '127.0.0.2', 'malformed', 'X-MSISDN: 336000'],
    ['letters', '127.0.0.2', 'malformed', 'X-MSISDN: 3360000000a'],
    ['empty', '127.0.0.2', 'absent', 'X-MSISDN: '],
) {
    my ($what, $from, $result, @headers) = @$case;
    my $payment = $t->create();
    my $before = $t->metric(sprintf($name, $result)) // 0;
    my $bounce = $t->get($payment->{next_action}{url}, from => $from,
                         headers => \@headers);
    my $location = $bounce->{header}{location} // '';
    my $page = $t->follow($bounce);

    is($bounce->{status}, 303, "$what: the link redirects");
    is($t->metric(sprintf($name, $result)), $before + 1,
       "$what: counted as $result");

    if ($result eq 'accepted') {
        like($location, qr/\?t=[\w-]{22}$/, "$what: the line is identified");
        like($page->{body}, qr/<button/, "$what: the page has a button");
    } else {
        like($location, qr/\?n=\w+$/, "$what: the line is not identified");
        unlike($page->{body}, qr/\+33\*/, "$what: no number is shown");
        unlike($page->{body}, qr{action="/pay/[^"]*/confirm"},
               "$what: the page has nothing to confirm");
    }
}

# An application behind us sees no header, nor does one that is shown a request
# that nginx has refused before it comes to a location.

my %forged = (from => '127.0.0.2',
              headers => [$number, 'X-IMSI: 208101234567890', 'Cookie: a=1; '
                          . "user-identity-forward-msisdn=33600000001; b=2"]);

for my $case (
    ['in a location', $t->url('plain', '/seen')],
    ['an application behind us', $t->url('plain', '/app')],
    ['a request with two hosts', $t->url('plain', '/'), 'Host: another'],
    ['a header that is too large', $t->url('plain', '/'),
     'X-Large: ' . 'x' x 9000],
    ['plain HTTP to the TLS port',
     $t->url('tls', '/') =~ s/^https/http/r],
) {
    my ($what, $url, @more) = @$case;
    my $answer = $t->get($url, from => $forged{from},
                         headers => [@{ $forged{headers} }, @more]);

    is($answer->{body}, '[][a=1; b=2]', $what);
}

# The TLS listener believes no header: it sends to the plain one, or asks.

my $payment = $t->create();
my ($link) = $payment->{next_action}{url} =~ m{/i/(.*)};
my %inside = (from => '127.0.0.2', headers => [$number]);
my $direct = $t->get($t->url('tls', "/pay/$link"), %inside);

is($direct->{status}, 303,
   'the page, opened over TLS with a header, redirects');
is($direct->{header}{location}, $payment->{next_action}{url},
   'the page, opened over TLS with a header, sends to the plain listener');
unlike($t->get($t->url('tls', "/pay/$link?n=absent"), %inside)->{body},
       qr/\+33\*/, 'the page over TLS does not believe the header');

# A token belongs to its visitor and its payment.

my $first = $t->create();
my $second = $t->create();
my $stolen = $t->identify($first)->{header}{location};
my ($token) = $stolen =~ /\?t=(.*)/;
my ($checkout) = $second->{next_action}{url} =~ m{/i/(.*)};

unlike($t->get($t->url('tls', "/pay/$checkout?t=$token"), %inside)->{body},
       qr/\+33\*/, 'a token of another payment is not taken');

$stolen = $t->identify($first)->{header}{location};
unlike($t->get($stolen, %inside, agent => 'somebody else')->{body}, qr/\+33\*/,
       'a token of another browser is not taken');

# Forged checkout links.

my ($forged) = $first->{next_action}{url} =~ m{/i/(.*)};
$forged =~ s/(.)$/$1 eq 'A' ? 'Q' : 'A'/e;
is($t->get($t->url('tls', "/pay/$forged"))->{status}, 404,
   'a link with a wrong signature is not found');
is($t->get($t->url('plain', "/i/$forged"))->{status}, 404,
   'a link with a wrong signature is not found on the plain listener');

# The log has no number, and a line about each refusal.

unlike($t->error_log(), qr/3360000000\d|4915112345678/,
       'the log has no number');
like($t->error_log(), qr/enrichment header "x-msisdn" refused: $_/,
     "a refusal is logged: $_") for qw(untrusted duplicate conflict malformed);
