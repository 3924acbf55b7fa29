#!/usr/bin/perl

# Every answer is what the handler has said: no condition, range or error page
# of nginx changes it afterwards, and what nginx itself refuses has the form
# that the clients of a location read.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::HTTP qw(http_send http_receive);
use Compress::Zlib ();
use JSON::PP ();
use Test::More;

my $ERROR_PAGES = <<'END';
    error_page 400 404 405 409 413 415 422 500 501 503 504 /site.html;
    gzip on;
    gzip_types *;
    expires 1h;
END

my $t = Carrierpay::Test->start(sms => 1,
    plain => 'location /i/closed/ { carrierpay_identify https://pay.example;'
             . ' deny all; }',
    tls => <<"END",
        location = /site.html { return 200 "the site's own page"; }
        location /v1/closed/ { carrierpay_api; deny all; }
        location /pay/closed/ { carrierpay_checkout; deny all; }
        location /v1/broken/ {
            $ERROR_PAGES
            carrierpay_api;
        }
END
    http => 'large_client_header_buffers 4 4k;');
my $good = $t->order();
my $payment = $t->create();
my ($link) = $payment->{next_action}{url} =~ m{/i/(.*)};

# Requests as bytes: what a client of HTTP would not send.

sub bytes {
    my ($listener, $first, @lines) = @_;
    my $sent = http_send('GET', $t->url($listener, '/'),
                         ca => "$t->{root}/demo.crt", raw =>
                         join("\r\n", $first, 'Host: 127.0.0.1',
                              'Connection: close', @lines, '', ''));

    return http_receive($sent);
}

sub is_problem {
    my ($name, $answer, $status, $code) = @_;

    is("$answer->{status} " . ($answer->{json}{code} // 'no code'),
       "$status $code", "$name: $status, a problem with code \"$code\"")
        or diag($answer->{headers}, $answer->{body});
    is($answer->{header}{'content-type'}, 'application/problem+json',
       "$name: the answer is of type problem+json");
    ok($answer->{json}{request_id}, "$name: the problem names the request");
}

sub is_page {
    my ($name, $answer, $status, $words) = @_;

    is($answer->{status}, $status, "$name: $status")
        or diag($answer->{headers}, $answer->{body});
    like($answer->{header}{'content-type'}, qr{^text/html; charset=utf-8},
         "$name: the answer is a page");
    like($answer->{body}, qr{name="viewport"},
         "$name: the page is as wide as the screen");
    like($answer->{body}, $words, "$name: the page is in the browser's"
                                  . " language");
}

# Conditions: the request has had its effect.

my $subscriber = $t->subscriber('33600000001');
my $page = $t->checkout($payment);

for my $condition ('If-Match: "v1"', 'If-None-Match: *',
                   'If-Unmodified-Since: Mon, 01 Jan 2024 00:00:00 GMT',
                   'If-Modified-Since: Mon, 01 Jan 2024 00:00:00 GMT',
                   'Range: bytes=0-3')
{
    my ($name) = $condition =~ /^([^:]+)/;
    my $answer = $t->api(GET => "/v1/payments/$payment->{id}", undef,
                         headers => [$condition]);

    is("$answer->{status} " . ($answer->{json}{id} // ''),
       "200 $payment->{id}", "$name: the API answers with the whole payment");

    $answer = $t->api(POST => '/v1/payments',
                      $t->order(confirm => JSON::PP::true,
                                subscriber => $subscriber),
                      headers => [$condition]);
    is("$answer->{status} " . ($answer->{json}{status} // ''),
       '201 succeeded', "$name: a charge is told as what it is");

    $answer = $t->get($t->url('tls', "/pay/$link?n=relay"),
                      headers => [$condition]);
    is($answer->{status}, 200, "$name: a page is a page");
    like($answer->{body}, qr{</html>}, "$name: a page is whole");

    is($t->post($t->url('plain', '/callback/sandbox/mo'), body => '{}',
                headers => [$condition, 'Content-Type: application/json'])
         ->{status}, 400, "$name: a callback is answered as without it");
}

my $asset = $page->{body} =~ m{href="(/pay/style[^"]+)"} ? $1 : '';

is($t->get($t->url('tls', $asset), headers => ['Range: bytes=0-3'])->{status},
   200, 'a range of the stylesheet is the whole of it');

# What our handlers say is no error of nginx's, so no error_page replaces it.

is_problem('an error_page for 404',
           $t->api(GET => '/v1/broken/nothing'), 404, 'not_found');
is($t->api(GET => '/v1/broken/x')->{header}{'cache-control'}
   =~ /no-store/ ? 1 : 0, 1, 'expires does not take no-store away');

# What nginx itself refuses.

my @transfer = ('Transfer-Encoding: gzip');

is_problem('deny, in the API', $t->api(GET => '/v1/closed/x'), 403,
           'forbidden');
is_page('deny, on a page', $t->get($t->url('tls', "/pay/closed/$link")), 403,
        qr/This did not work/);
is_page('deny, on the plain listener',
        $t->get($t->url('plain', "/i/closed/$link"),
                headers => ['Accept-Language: fr']), 403,
        qr/<html lang="fr">/);
is_problem('an unknown Transfer-Encoding, in the API',
           bytes('tls', 'POST /v1/payments HTTP/1.1', @transfer), 501,
           'not_implemented');
is_problem('an unknown Transfer-Encoding, at a callback',
           bytes('plain', 'POST /callback/sandbox/mo HTTP/1.1', @transfer),
           501, 'not_implemented');
is_page('an unknown Transfer-Encoding, on a page',
        bytes('tls', "POST /pay/$link/confirm HTTP/1.1", @transfer), 501,
        qr/Not possible right now/);
is_problem('a malformed chunk, in the API',
           bytes('tls', 'POST /v1/payments HTTP/1.1',
                 'Transfer-Encoding: chunked', '', 'xyz'), 400,
           'bad_request');
is_problem('two lengths, in the API',
           bytes('tls', 'POST /v1/payments HTTP/1.1', 'Content-Length: 1',
                 'Content-Length: 2'), 400, 'bad_request');
is_problem('TRACE, in the API', bytes('tls', 'TRACE /v1/payments HTTP/1.1'),
           405, 'method_not_allowed');
is_page('TRACE, on a page', bytes('tls', "TRACE /pay/$link HTTP/1.1"), 405,
        qr/There is no such payment/);
is_problem('a header that is too long, in the API',
           bytes('tls', 'GET /v1/payments HTTP/1.1', 'X-Long: '
                 . 'x' x 5000), 400, 'bad_request');
is_page('a header that is too long, on a page, in French',
        bytes('tls', "GET /pay/$link HTTP/1.1", 'Accept-Language: fr',
              'X-Long: ' . 'x' x 5000), 400, qr/Cela n’a pas fonctionné/);
is_problem('an API body over the limit',
           $t->api(POST => '/v1/payments', 'x' x 70_000), 413,
           'body_too_large');
is_page('a form over the limit',
        $t->post($t->url('tls', "/pay/$link/confirm"), body => 'x' x 70_000),
        413, qr/This did not work/);

is(bytes('tls', 'GET /elsewhere HTTP/1.1', @transfer)->{header}
     {'content-type'}, 'text/html',
   'outside our locations an error is nginx\'s own page');

# Broken links on the plain listener.

for my $path ('/i/cs_x', '/i/', "/i/$link/x", '/i/%0d%0aX-Evil:1') {
    is_page("GET $path", $t->get($t->url('plain', $path)), 404,
            qr/<html lang="en">.*There is no such payment/s);
}

is_page('a broken link, in French',
        $t->get($t->url('plain', '/i/cs_x'),
                headers => ['Accept-Language: pt, fr_FR;q=0.9']), 404,
        qr/<html lang="fr">.*Ce paiement n’existe pas/s);
is_page('another method on the plain listener',
        http_receive(http_send('PUT', $t->url('plain', "/i/$link"))), 405,
        qr/This did not work/);

# A body with a Content-Encoding.

my @gzip = ('Content-Encoding: gzip');
my $zipped = Compress::Zlib::memGzip(JSON::PP->new->encode($good));

for my $coding ('gzip', 'br', 'GZIP', 'deflate, gzip') {
    my $answer = $t->api(POST => '/v1/payments', $zipped,
                         headers => ["Content-Encoding: $coding"]);

    is_problem("Content-Encoding: $coding", $answer, 415,
               'unsupported_media_type');
    is($answer->{header}{'accept-encoding'}, 'identity',
       "Content-Encoding: $coding: the answer says what is taken");
}

is($t->api(POST => '/v1/payments', $good,
           headers => ['Content-Encoding: identity'])->{status}, 201,
   'Content-Encoding: identity is none');
is_problem('an encoded callback',
           $t->post($t->url('plain', '/callback/sandbox/mo'), body => $zipped,
                    headers => [@gzip, 'Content-Type: application/json']),
           415, 'unsupported_media_type');

my $form = $t->post($t->url('tls', "/pay/$link/number"), body => $zipped,
                    headers => \@gzip);

is_page('an encoded form', $form, 415, qr/This did not work/);
is($form->{header}{'accept-encoding'}, 'identity',
   'an encoded form: the answer says what is taken');
