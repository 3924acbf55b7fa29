#!/usr/bin/perl

# Enrichment over IPv6: the peer is found in its operator's network, and an
# IPv4 peer on the same listener is found in its own.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use IO::Socket::IP;
use Test::More;

plan(skip_all => 'no IPv6 on this machine')
    if !IO::Socket::IP->new(LocalHost => '::1', Listen => 1);

my $t = Carrierpay::Test->start(
    http => 'carrierpay_operator six {
                 country BE; currency EUR; mccmnc 20699; network ::1/128;
                 header X-MSISDN; numbering 32 len=9 prefix=4;
                 dialect sandbox; pass /egress/sandbox;
             }',
    plain => 'listen [::1]:@plain_port@;
              location = /who {
                  return 200 "$carrierpay_identity $carrierpay_operator
$carrierpay_network $carrierpay_msisdn_masked";
              }');

# The body of an answer, from ::1.

sub six {
    my ($path, @headers) = @_;
    my $socket = IO::Socket::IP->new(PeerHost => '::1', Timeout => 60,
        PeerPort => $t->{port}{plain}) or die "::1: $@\n";

    $socket->print(join("\r\n", "GET $path HTTP/1.1", 'Host: [::1]',
                        'Connection: close', 'User-Agent: carrierpay-test',
                        @headers, '', ''));
    my $text = do { local $/; <$socket> };

    return (split(/\r\n\r\n/, $text, 2))[1] =~ s/\s+/ /gr;
}

is(six('/who', 'X-MSISDN: 32470000001'),
   'accepted six ::1/128 +32******01',
   'a number from its own network is accepted');
is(six('/who', 'X-MSISDN: 33600000001'), 'malformed six ::1/128 ',
   'a number of another operator is malformed');
is(six('/who', 'X-MSISDN: 32470000001', 'X-MSISDN: 32470000001'),
   'duplicate six ::1/128 ', 'a header that comes twice is refused');
is(six('/who'), 'absent six ::1/128 ', 'without a header the line is absent');

my $who = $t->get($t->url('plain', '/who'), from => '127.0.0.2',
                  headers => ['X-MSISDN: 32470000001']);

like($who->{body}, qr/^malformed demo_fr\n/,
     'an IPv4 client of the same listener has its own network');
