#!/usr/bin/perl

# Request ids and tokens of browsers, whose random bytes are drawn many at a
# time: no worker gives any out twice, and none gives out those of another.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Test::More;

my $REQUESTS = 120;

my $t = Carrierpay::Test->start();
my ($token) = $t->create()->{next_action}{url} =~ m{(cs_[\w-]+)$};
my $url = $t->url('tls', "/pay/$token?n=absent");
my (%ids, %tokens);

# The workers are forked by one master, before and after a reload.

ask();
ok($t->reload(), 'a reload');
ask();

is(scalar(keys(%ids)), 2 * $REQUESTS, 'no request id came twice');
is(scalar(keys(%tokens)), 2 * $REQUESTS, 'no token came twice');
is(join(' ', grep { !/^[0-9a-f]{32}$/ } keys(%ids)), '',
   'a request id is 16 bytes');
is(join(' ', grep { !/^[\w-]{21}[AQgw]$/ } keys(%tokens)), '',
   'a token is 16 bytes');

# 32 bytes a page and more: each worker draws several times.

sub ask {
    for (1 .. $REQUESTS) {
        my $answer = $t->get($url);
        my ($browser) = $answer->{header}{'set-cookie'} =~ /^[\w-]+=([^;]+)/;

        $ids{ $answer->{header}{'x-request-id'} }++;
        $tokens{$browser}++;
    }
}
