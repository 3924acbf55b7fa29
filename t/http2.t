#!/usr/bin/perl

# The same over HTTP/2, several streams on one connection.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Services qw(command);
use JSON::PP ();
use Test::More;

my $t = Carrierpay::Test->start();
my $subscriber = $t->subscriber('33600000001');
my $url = $t->url('tls', '/v1/payments');
my @curl = ('curl', '--no-progress-meter', '--http2', '--cacert',
            "$t->{root}/demo.crt", '-w', ' %{http_version} %{http_code}\n');

sub charge {
    my ($key, $body) = @_;

    return ('-H', "Authorization: Bearer $t->{env}{CARRIERPAY_KEY}",
            '-H', "Idempotency-Key: $key",
            '-H', 'Content-Type: application/json',
            '-d', JSON::PP->new->encode($body), $url);
}

my $order = $t->order(confirm => JSON::PP::true, subscriber => $subscriber);
my @requests = map { ($_ > 1 ? '--next' : (), @curl[1 .. $#curl],
                      charge("stream $_", $order)) } 1 .. 8;
my $output = command('curl', '--parallel', '--parallel-immediate', @requests);

is(() = $output =~ / 2 201$/mg, 8, 'eight charges over HTTP/2 are created');
is(() = $output =~ /"status":"succeeded"/g, 8,
   'eight charges over HTTP/2 succeed');
is(scalar($t->operator_log()), 9,
   'the operator has charged each once, and the subscriber once before');

$output = command(@curl, charge('bad', { amount => 1.5 }));
like($output, qr/"code":"\w+".* 2 400$/s,
     'a request that is refused over HTTP/2 gets a problem');

$output = command(@curl, charge('large', { amount => 'x' x 100_000 }));
like($output, qr/"code":"body_too_large".* 2 413$/s,
     'a body over the limit is refused over HTTP/2');
