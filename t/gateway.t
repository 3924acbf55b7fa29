#!/usr/bin/perl

# The demo's gateway is the operator's network: what goes through it carries
# the subscriber's number, and a client cannot choose one by the operator's
# header.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Services qw(command);
use Test::More;

my $t = Carrierpay::Test->start(gateway => 1);
my @curl = ('curl', '-s', '--max-time', 60, '--cacert', "$t->{root}/demo.crt",
            '-A', 'carrierpay-test', '-x',
            "http://127.0.0.1:$t->{port}{gateway}");

# Opens the checkout link through the gateway; the page after the bounce.

sub visit {
    my ($payment, @headers) = @_;

    return command(@curl, '-L', map({ ('-H', $_) } $t->window(), @headers),
                   $payment->{next_action}{url});
}

like(visit($t->create()), qr/\+33\*+01/,
     'the page shows the number that the gateway adds');
like(visit($t->create(), 'X-Gateway-MSISDN: 33600000042'), qr/\+33\*+42/,
     'the page shows the number that the gateway is asked for');
like(visit($t->create(), 'X-MSISDN: 33600000042'), qr/\+33\*+01/,
     'the gateway replaces a header of the client');
like(visit($t->create(), 'X-MSISDN: 33600000042', 'x-msisdn: 33600000043'),
     qr/\+33\*+01/, 'the gateway replaces two headers of the client');

# HTTPS goes through the gateway in a tunnel.

like(command(@curl, $t->url('tls', '/healthz')), qr/ok/i,
     'the gateway tunnels TLS with CONNECT');
