package Carrierpay::Admin::Url;

# URLs of merchants.

use strict;
use warnings;
use re '/a';                           # a digit is one of ten

use Exporter qw(import);
use Socket ();

our @EXPORT_OK = qw(url_wrong);

# What is wrong with a URL, as the service reads it; or undef. It is RFC 3986
# without what a browser, nginx and a resolver may read in different ways.

sub url_wrong {
    my ($url) = @_;
    my $label = qr/[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?/;
    my $byte = qr/25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d/;
    my ($authority, $rest) = $url =~ m{^https?://([^/?]*)(.*)$}is;

    return 'must not be longer than 2048 bytes' if length($url) > 2048;
    return 'must not have a fragment' if $url =~ /#/;
    return 'must have visible ASCII alone, and none of "<>\\^`{|}'
        if $url =~ /[^!-~]|["<>\\^`{|}]/;
    return 'must begin with https:// or http://' if !defined($authority);
    return 'must not have a % without two hexadecimal digits'
        if $rest =~ /%(?![0-9A-Fa-f]{2})/;
    return 'must not have user info' if $authority =~ /\@/;

    my ($host, $port) = $authority =~ /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/;

    return 'must have a valid host' if !defined($host) || length($host) > 253;
    return 'must have a valid port'
        if length($port // '') && ($port !~ /^[1-9]\d{0,4}$/ || $port > 65535);

    # a name, or an address; what ends in a number and is no address could be
    # read as one

    return undef if $host =~ /^\[(.*)\]$/
                    && Socket::inet_pton(Socket::AF_INET6(), $1);
    return undef if $host =~ /^(?:$byte\.){3}$byte$/;
    return undef if $host =~ /^(?:$label\.)*$label$/
                    && $host !~ /(?:^|\.)(?:\d+|0x[0-9a-f]*)$/i;
    return 'must have a valid host';
}

1;
