#!/usr/bin/perl

# The demo's gateway is the operator's network: what goes through it carries
# the subscriber's number, and a client cannot choose one by the operator's
# header.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use lib "$FindBin::Bin/../conf/lib";
use Carrierpay::Admin::Forge;
use Carrierpay::Test;
use Carrierpay::Test::Services qw(command read_file reserve_ports root service
                                  write_file);
use Test::More;

my $t = Carrierpay::Test->start(gateway => 1,
    plain => 'location /whoami { carrierpay_self_test; }');
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

# What "carrierpay-admin check forge" says of a place: a number that a client
# chooses is believed neither from outside nor through the gateway, which opens
# no tunnel to the plain listener.

my $proxy = "http://127.0.0.1:$t->{port}{gateway}";
my $headers = qr/^None of 3\d headers was believed\.$/m;

like(forge(0), $headers, 'from outside no header is believed');
like(forge(0), qr/^direct +x-msisdn +untrusted +no$/m,
     'from outside X-MSISDN is untrusted');
like(forge(0, "--proxy=$proxy"), $headers,
     'through the gateway no header is believed');
like(forge(0, "--proxy=$proxy"), qr/^tunnel +x-msisdn +refused: 403 +no$/m,
     'the gateway opens no tunnel to the plain listener');
like(forge(1, '--bind=127.0.0.2'),
     qr/^direct +x-msisdn +accepted +yes\n[\s\S]* 1 of 3\d headers were bel/m,
     'on the operator\'s network itself the forged number is believed');

# A gateway that opens tunnels anywhere.

my ($lock, $careless) = reserve_ports(1);

service('start_gateway', "$t->{root}/careless", $careless, $t->{port}{plain});
like(forge(1, "--proxy=http://127.0.0.1:$careless"),
     qr/^tunnel +x-msisdn +accepted +yes$/m,
     'through a tunnel to the plain listener the forged number is believed');
service('stop_gateway', "$t->{root}/careless");

like(said(2, '', 'check', 'forge'), qr/"check forge" takes URL/,
     'the check wants a URL');
like(said(1, "33600000042\n", 'check', 'forge', $t->url('plain', '/i/x')),
     qr/where the answer of a carrierpay_self_test was expected/,
     'the check wants a self-test at the URL');

# The list of headers is the one that the module removes.

my $known = read_file(root() . '/lua-free-handlers/identity/'
                      . 'ngx_http_carrierpay_strip_names.c');
my ($list) = $known =~ /_known\[\] = \{(.*?)ngx_null_string/s;

is_deeply(\@Carrierpay::Admin::Forge::HEADERS,
          [$list =~ /ngx_string\("([^"]+)"\)/g],
          'the check sends all headers that the module knows');


sub forge {
    my ($status, @options) = @_;

    return said($status, "33600000042\n", 'check', 'forge', @options,
                $t->url('plain', '/whoami'));
}

# What carrierpay-admin prints, errors included; it must end with this status.

sub said {
    my ($status, $input, @arguments) = @_;

    write_file("$t->{root}/input", $input);

    my $said = command('sh', '-c', 'in=$1; shift; "$@" < "$in" 2>&1;'
        . ' echo "status $?"', 'sh', "$t->{root}/input",
        root() . '/conf/carrierpay-admin', @arguments);

    like($said, qr/^status $status$/m,
         "carrierpay-admin @arguments[0, 1] ends with $status");

    return $said;
}
