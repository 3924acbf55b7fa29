#!/usr/bin/perl

# The mail server: nginx -t finds what is wrong and names the line; it opens
# no connection.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Services qw(write_file);
use Test::More;

my $t = Carrierpay::Test->start();
my $secret = "$t->{root}/smtp.password";

write_file($secret, "a secret\nanother line\n", 0600);
write_file("$t->{root}/smtp.empty", "\nsecret\n", 0600);

# What nginx -t says of the directive's parameters.

sub said {
    my ($parameters) = @_;
    my $text = $t->configuration();

    $text =~ s/(?=    carrierpay_operator demo_fr)/
               "    carrierpay_smtp $parameters;\n\n"/e or die;

    return $t->check_configuration($text);
}

my $from = 'from=receipts@pay.example';
my $login = "user=pay password_file=$secret";

like(said($_), qr/test is successful/, "$_ is taken") for (
    "host=localhost $from",
    "host=127.0.0.1 $from tls=off",
    "host=localhost $from tls=off port=25",
    "host=[::1] $from tls=off",
    "host=192.0.2.1 $from",
    "host=[2001:db8::1] $from tls=tls",
    "host=localhost $from $login",
    "host=localhost $from $login tls=tls port=465",
    "host=localhost $from \"name=Pay & Co\" timeout=1m connections=1 queue=1",
    "host=localhost $from name=Re\xc3\xa7us",
    "host=localhost $from ca=$t->{root}/demo.crt",
);

for my $case (
    ['nothing but a host', 'host=localhost', qr/needs "from="/],
    ['no host', $from, qr/needs "host="/],
    ['no value', "host $from", qr/"host" is not "name=value"/],
    ['an empty value', "host= $from", qr/"host=" is empty/],
    ['an unknown parameter', "host=localhost $from sender=x",
     qr/"sender=x" is unknown/],
    ['a name that nobody knows', "host=mail.invalid $from",
     qr/host not found in host "mail\.invalid"/],
    ['a port in the host', "host=localhost:25 $from",
     qr/"localhost:25" is neither a name nor an address/],
    ['a path', "host=localhost/x $from", qr/invalid host in host/],
    ['a socket', "host=unix:/tmp/x $from",
     qr/neither a name nor an address/],
    ['a port that is none', "host=localhost $from port=65536",
     qr/"port=65536" has an invalid value/],
    ['port 0', "host=localhost $from port=0", qr/"port=0" has an invalid/],
    ['a wrong mode', "host=localhost $from tls=on",
     qr/"tls=on" is none of "starttls", "tls" and "off"/],
    ['no TLS to another machine', "host=192.0.2.1 $from tls=off",
     qr/"tls=off" is for a server on this machine/],
    ['no TLS to a private one', "host=10.0.0.1 $from tls=off",
     qr/"tls=off" is for a server on this machine/],
    ['a password in the clear', "host=localhost $from $login tls=off",
     qr/must not send a password with "tls=off"/],
    ['a user alone', "host=localhost $from user=pay",
     qr/needs both "user=" and "password_file="/],
    ['a password alone', "host=localhost $from password_file=$secret",
     qr/needs both "user=" and "password_file="/],
    ['an inline password', "host=localhost $from user=pay password=x",
     qr/"password=x" is unknown/],
    ['no file', "host=localhost $from user=pay password_file=/nowhere",
     qr/cannot be opened/],
    ['an empty first line',
     "host=localhost $from user=pay password_file=$t->{root}/smtp.empty",
     qr/password_file=\S+ (?:has an empty|cannot be)/],
    ['no certificates', "host=localhost $from ca=/nowhere",
     qr/certificates "\/nowhere" cannot be opened/],
    ['a sender that is none', 'host=localhost from=pay',
     qr/"from=pay" is no e-mail address/],
    ['a sender with a name', 'host=localhost "from=Pay <a@b.example>"',
     qr/is no e-mail address/],
    ['quotes inside', "host=localhost $from name=\"Pay\"",
     qr/has quotes inside/],
    ['a name that is not UTF-8', "host=localhost $from name=Re\xe7us",
     qr/is not UTF-8/],
    ['a deadline that is longer than a lease',
     "host=localhost $from timeout=2m", qr/"timeout=2m" has an invalid/],
    ['no time', "host=localhost $from timeout=0",
     qr/"timeout=0" has an invalid/],
    ['no connections', "host=localhost $from connections=0",
     qr/"connections=0" has an invalid/],
    ['no queue', "host=localhost $from queue=x", qr/"queue=x" has an invalid/],
    ['twice', "host=localhost $from;\ncarrierpay_smtp host=localhost $from",
     qr/"carrierpay_smtp" directive is duplicate/],
) {
    my ($name, $parameters, $message) = @$case;
    my $said = said($parameters);

    like($said, $message, $name);
    like($said, qr/check\.conf:\d+$/m, "$name: nginx -t names the line");
}

unlike(said("host=localhost $from $login") . said("host=10.0.0.1 $login"),
       qr/a secret/, 'no password is shown');
