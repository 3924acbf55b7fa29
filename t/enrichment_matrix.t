#!/usr/bin/perl

# Each known header and each format x trusted, untrusted, fixed, duplicated,
# conflicting x the ways to tell the peer x HTTP/1.1 and HTTP/2. Nothing of
# any of them is left behind.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Enrichment qw(@NAMES @NEVER @LISTENERS $CRUMB addresses
    http_hole make_keys encrypted ask);
use MIME::Base64 qw(encode_base64);
use Test::More;

my $t = Carrierpay::Test->start(http => http_hole(), keys => \&make_keys);
my $address = addresses();
my $secrets = "$t->{root}/secrets";
my $number = '352600000001';
my $hex = unpack('H*', $number);
my $base64 = encode_base64($number, '');
my $mask = '+352******01';

# Name, header, value, and how the line is shown.

my @right = (
    map({ [$_, $_, $number, $mask] } @NAMES),
    ['a plus', 'X-MSISDN', "+$number", $mask],
    ['capitals', 'X-Msisdn', $number, $mask],
    ['national', 'X-F-National', '0600000001', $mask],
    ['national without trunk', 'X-F-National', '600000001', $mask],
    ['00', 'X-F-00', "00$number", $mask],
    ['hex', 'X-F-Hex', $hex, $mask],
    ['base64', 'X-F-Base64', encode_base64('0600000001', ''), $mask],
    ['a field', 'X-F-Field', "10.0.0.1, $number, x", $mask],
    ['framed', 'X-F-Frame', "tel:+$number", $mask],
    ['a crumb', 'Cookie', "a=1; $CRUMB=$number; b=2", $mask],
    ['a crumb in base64', 'Cookie', "X-Line=$base64", $mask],
    ['AES-256-GCM', 'X-F-Gcm', encrypted($secrets, 'gateway', $number,
                                         '--time'), $mask],
    ['AES-256-CBC', 'X-F-Cbc', cbc($number), $mask],
    ['RSA-OAEP', 'X-F-Rsa', encrypted($secrets, 'gateway-rsa', $number),
     $mask],
    ['a reference', 'X-F-Acr', 'dG9rZW4tb2YtMDE', 'acr:******DE'],
    ['a sealed reference', 'X-F-Acr-Gcm',
     encrypted($secrets, 'gateway', 'dG9rZW4tb2YtMDE'), 'acr:******DE'],
);

# Values that are not believed, also on the operator's network.

my $gcm = encrypted($secrets, 'gateway', $number, '--time');
my $tampered = $gcm =~ s/(.)(.)$/$1 eq 'A' ? "B$2" : "A$2"/er;
my @wrong = (
    map({ ["$_, which names a card", 'untrusted', $_, $number] } @NEVER),
    ['another operator\'s number', 'malformed', 'X-MSISDN', '33600000001'],
    ['too short', 'malformed', 'X-MSISDN', '3526000'],
    ['two in one', 'malformed', 'X-MSISDN', "$number, $number"],
    ['letters', 'malformed', 'X-MSISDN', '35260000000a'],
    ['65 bytes', 'malformed', 'X-MSISDN', $number . '0' x 53],
    ['a kilobyte', 'malformed', 'X-MSISDN', '3' x 1100],
    ['an underscore', 'untrusted', 'X_MSISDN', $number],
    ['a crumb with an underscore', 'untrusted', 'Cookie',
     $CRUMB =~ tr/-/_/r . "=$number"],
    ['plain where hex is due', 'malformed', 'X-F-Hex', "+$number"],
    ['odd hex', 'malformed', 'X-F-Hex', substr($hex, 1)],
    ['no base64', 'malformed', 'X-F-Base64', '****'],
    ['no such field', 'malformed', 'X-F-Field', $number],
    ['no frame', 'malformed', 'X-F-Frame', $number],
    ['a tampered value', 'forged', 'X-F-Gcm', $tampered],
    ['an unknown key', 'forged', 'X-F-Gcm', $gcm =~ s/^1:/9:/r],
    ['plain where a cipher is due', 'forged', 'X-F-Gcm',
     encode_base64($number x 4, '')],
    ['of ten minutes ago', 'stale', 'X-F-Gcm',
     encrypted($secrets, 'gateway', $number, '--at=' . (time() - 600))],
    ['of the future', 'stale', 'X-F-Gcm',
     encrypted($secrets, 'gateway', $number, '--at=' . (time() + 600))],
    ['no time in it', 'malformed', 'X-F-Gcm',
     encrypted($secrets, 'gateway', $number)],
    ['another key', 'forged', 'X-F-Cbc',
     unpack('H*', pack('C*', map { $_ } 1 .. 96))],
    ['another RSA key', 'forged', 'X-F-Rsa', encode_base64('x' x 384, '')],
    ['nobody', 'absent', 'X-MSISDN', 'unknown'],
    ['anonymous', 'absent', 'X-MSISDN', 'anonymous'],
    ['nothing', 'absent', 'X-MSISDN', ''],
);

# Name, the listener's expected answer, address, headers.

my @cases = (
    map({
        my ($what, $name, $value, $line) = @$_;
        my $header = [$name, $value];
        my @twice = $name eq 'Cookie' ? ([$name, "$value; $value"])
                                      : ($header, $header);
        (
            [$what, 'accepted', 'trusted', [$header], $line],
            ["$what, from outside", 'untrusted', 'outside', [$header]],
            ["$what, from the fixed network", 'untrusted', 'fixed',
             [$header]],
            ["$what, twice", 'duplicate', 'trusted', \@twice],
            ["$what, with another", 'conflict', 'trusted',
             [$header, [$name =~ /^x-mdn$/i ? 'MSISDN' : 'X-MDN', $number]]],
        )
    } @right),
    map({ [$_->[0], $_->[1], 'trusted', [[@$_[2, 3]]]] } @wrong),
    ['through a relay', 'relay', 'relay', []],
    ['a header through a relay', 'untrusted', 'relay', [['MDN', $number]]],
    ['through a VPN', 'vpn', 'vpn', []],
    ['on the fixed network', 'fixed', 'fixed', []],
    ['on the mobile network', 'absent', 'trusted', []],
    ['on Wi-Fi', 'off_network', 'outside', []],
    ['through a proxy', 'proxy', 'outside', [['Via', '1.1 saver']]],
    ['through the operator\'s proxy', 'accepted', 'trusted',
     [['Via', '1.1 gw'], ['MDN', $number]], $mask],
    ['an MCCMNC from outside', 'off_network', 'outside',
     [['X-MCCMNC', '27098']]],
    ['nine headers', 'conflict', 'trusted', [map { [$_, $number] }
                                             @NAMES[0 .. 8]]],
);

for my $listener (@LISTENERS) {
    my %by_address;
    my (@believed, @wrong_word, @left);

    push(@{ $by_address{$_->[2]} }, $_) for @cases;

    for my $from (sort(keys(%by_address))) {
        my @asked = @{ $by_address{$from} };
        my @answers = ask($t, $listener, $address->{$from},
                          map { $_->[3] } @asked);

        for my $i (0 .. $#asked) {
            my ($what, $identity, undef, undef, $line) = @{ $asked[$i] };
            my $got = $answers[$i];

            push(@wrong_word, "$what: $got->{text}, not $identity")
                if ($got->{identity} // '') ne $identity;
            push(@believed, "$what: $got->{text}")
                if ($got->{line} // '') ne ($line // '');
            push(@left, "$what: $got->{text}") if ($got->{left} // '') ne '[]';
        }
    }

    my $of = "$listener->{name}: " . @cases . ' cases';

    is(join("\n", @wrong_word), '', "$of, each with its own word");
    is(join("\n", @believed), '', "$of, the right line or none");
    is(join("\n", @left), '', "$of, no header is left");
}

# The carrier of a line: by the gateway's MCCMNC, the prefix, the network.

for my $case (
    ['the network', 'matrix;;network', ['MDN', $number]],
    ['the prefix of an MVNO', 'matrix;matrix_virtual;prefix',
     ['MDN', '352699000001']],
    ['the MCCMNC of an MVNO', 'matrix;matrix_virtual;mccmnc',
     ['MDN', $number], ['X-MCCMNC', '27098']],
    ['the MCCMNC of nobody', ';;mccmnc', ['MDN', $number],
     ['X-MCCMNC', '20801']],
    ['the operator\'s own MCCMNC', 'matrix;;mccmnc',
     ['MDN', '352699000001'], ['X-MCCMNC', '27099']],
) {
    my ($what, $owner, @headers) = @$case;
    my ($got) = ask($t, $LISTENERS[0], $address->{trusted}, \@headers);

    is("$got->{operator};$got->{mvno};$got->{evidence}", $owner,
       "$what decides");
    is($got->{network}, '127.0.3.0/24', "$what: the network is known");
}

for my $case (
    ['two MCCMNCs', 'duplicate', ['MDN', $number], ['X-MCCMNC', '27098'],
     ['X-MCCMNC', '27099']],
    ['an MCCMNC with an underscore', 'conflict', ['MDN', $number],
     ['X_MCCMNC', '27098']],
    ['no MCCMNC', 'malformed', ['MDN', $number], ['X-MCCMNC', '2709x']],
) {
    my ($what, $identity, @headers) = @$case;
    my ($got) = ask($t, $LISTENERS[0], $address->{trusted}, \@headers);

    is($got->{identity}, $identity, "$what: $identity");
}

# A request without a user agent.

for my $agent (undef, '', '  ') {
    my ($got) = ask($t, $LISTENERS[0], $address->{trusted}, { bare => 1 },
        [['MDN', $number], defined($agent) ? ['User-Agent', $agent] : ()]);

    is($got->{identity}, 'no_agent',
       'a number without a user agent is refused');
    is($got->{line}, '', 'a number without a user agent is not believed');
}

# A load balancer has no line, even when it stands in the operator's network.

my @hop = [["MDN", $number]];

for my $case (
    ['a socket', 'untrusted', $LISTENERS[0], '127.0.3.200', @hop],
    ['no word of a client', 'untrusted', $LISTENERS[4], '127.0.3.200', @hop],
    ['a client', 'accepted', $LISTENERS[4], '127.0.3.1',
     { hop => '127.0.3.200' }, @hop],
) {
    my ($what, $identity, @asked) = @$case;
    my ($got) = ask($t, @asked);

    is($got->{identity}, $identity, "a hop inside a network: $what");
}

# An IPv6 address that a hop tells.

for my $listener (@LISTENERS[2 .. 5]) {
    my @headers = [['MDN', $number]];
    my ($mobile) = ask($t, $listener, '2001:db8:3::1', @headers);
    my ($fixed) = ask($t, $listener, '2001:db8:4::1', []);

    is("$mobile->{identity} $mobile->{network}", 'accepted 2001:db8:3::/48',
       "$listener->{name}: IPv6");
    is("$fixed->{identity} $fixed->{network}", 'fixed 2001:db8:4::/48',
       "$listener->{name}: IPv6, fixed");

    # A client that is not a hop is not believed about addresses.

    my ($liar) = ask($t, $listener, $address->{trusted},
                     { hop => '127.0.7.1' }, @headers);
    is("$liar->{identity};$liar->{line}", 'untrusted;',
       "$listener->{name}: a client that claims an address inside");
}

# The hop itself has no line where the peer is the socket's.

my ($claimed) = ask($t, $LISTENERS[0], $address->{hop},
    [['MDN', $number], ['X-Forwarded-For', $address->{trusted}]]);
is($claimed->{identity}, 'untrusted',
   'X-Forwarded-For is not read where it was not asked for');

# The log has no number, and not that of a SIM card.

unlike($t->error_log(), qr/352600000001|$hex|600000001/,
       'the error log has no number');
like($t->error_log(), qr/refused: duplicate, \+352\*+01, 2 found/,
     'the error log has a refusal with the number masked');

sub cbc {
    my ($text) = @_;
    my $value = encrypted($secrets, 'gateway-cbc', $text, '--bare');

    return unpack('H*', MIME::Base64::decode_base64($value));
}
