#!/usr/bin/perl

# Forged enrichment at random; none is believed. SPOOFS says how many (make
# spoof: a million), SEED repeats a run.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Enrichment qw(addresses @LISTENERS http_hole make_keys
    encrypted ask);
use Carrierpay::Test::Services qw(command root write_file);
use Test::More;

my $count = $ENV{SPOOFS} // 20_000;
my $seed = $ENV{SEED} // time();
my $number = '352600000001';

# The log of a million refusals is not kept.

my $t = Carrierpay::Test->start(keys => \&make_keys,
    http => 'error_log @dir@/error.log error;' . http_hole());
my $secrets = "$t->{root}/secrets";

# Values that are right, and values that are not even from the network: old
# ones, and those of an unknown key.

my $right = encrypted($secrets, 'gateway', $number, '--time');

write_file("$t->{root}/values", join('', map { "$_->[0] $_->[1]\n" }
    ['x-f-gcm', $right],
    ['x-f-rsa', encrypted($secrets, 'gateway-rsa', $number)],
    ['x-f-acr-gcm', encrypted($secrets, 'gateway', 'dG9rZW4tb2YtMDE')],
    ['-x-f-gcm', encrypted($secrets, 'gateway', $number,
                           '--at=' . (time() - 3600))],
    ['-x-f-gcm', encrypted($secrets, 'gateway', $number)],
    ['-x-f-gcm', $right =~ s/^1:/7:/r]));

my $program = "$t->{root}/spoof";

command('cc', '-O2', '-Wall', '-Wextra', '-Werror', '-Wno-stringop-overflow',
        '-o', $program, root() . '/t/spoof/spoof.c');

# The test is worth something only when the gateway itself is believed.

my ($gateway) = ask($t, $LISTENERS[0], addresses()->{trusted},
                    [['X-MSISDN', $number]]);
is($gateway->{identity}, 'accepted', 'a header of the gateway is believed');

my $accepted = $t->metric('carrierpay_identity_total{result="accepted"}');
my $start = time();

open(my $pipe, '-|', $program, $t->{port}{plain}, $count, $seed, $number,
     "$t->{root}/values") or die "$program: $!\n";
my $output = do { local $/; <$pipe> } // '';
close($pipe);

my $status = $?;
my $seconds = time() - $start || 1;

is($status, 0, "$count forged requests, seed $seed") or diag($output);

my ($answered, $refused, $believed, $left) = $output
    =~ /^answered (\d+) refused (\d+) believed (\d+) left (\d+)$/m;

cmp_ok($answered, '>=', $count, 'all forged requests were answered');
cmp_ok($refused, '<', $answered / 10,
       'few forged requests are refused as HTTP');
is($believed, 0, 'no forged request is believed');
is($left, 0, 'no forged request leaves a header');
is($t->metric('carrierpay_identity_total{result="accepted"}'), $accepted,
   'the metric counts no forged request as accepted');

for my $word (qw(untrusted duplicate conflict malformed forged stale
                 no_agent)) {
    cmp_ok($output =~ /^$word (\d+)$/m ? $1 : 0, '>', $count / 2000,
           "some forged requests are refused as $word");
}

note(sprintf("%d a second\n%s", $answered / $seconds, $output));
