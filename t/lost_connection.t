#!/usr/bin/perl

# Connections to PostgreSQL and Redis are cut under traffic, many times: a
# commit in doubt is sent again, and no charge is lost or done twice.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Test::More;

my $t = Carrierpay::Test->start(operator => 'timeout 3s; settle 6s;');
my $subscriber = $t->subscriber('33600000001');
my %answers;

sub charge_send {
    my ($key) = @_;

    return $t->charge_known_send($subscriber, idempotency => $key);
}

# Repeats the key until there is an answer, as a merchant does.

sub insist {
    my ($key, $answer) = @_;

    $t->wait_for(sub {
        $answer = $t->receive(charge_send($key)) if $answer->{status} != 201;
        return $answer->{status} == 201;
    }, "an answer to $key");
    $answers{$key} = $answer;
}

for my $round (1 .. 15) {
    my @keys = map { "round $round, $_" } 1 .. 8;
    my @sent = map { [$_, charge_send($_)] } @keys;

    $t->sql('select pg_terminate_backend(pid) from pg_stat_activity'
            . " where usename = 'carrierpay'");
    $t->redis(qw(client kill type normal skipme yes)) if $round % 5 == 0;
    insist($_->[0], $t->receive($_->[1])) for @sent;
}

my %ids = map { $_->{json}{id} => 1 } values(%answers);

is(scalar(grep { $_->{status} == 201 } values(%answers)), 120,
   'every key got its answer');
is(keys(%ids), 120, 'every key has one payment');
$t->wait_ok(sub { $t->unfinished() == 0 }, 'all payments come to an end');

# A payment is asked for once, and a worker that is still without a connection
# would answer 503.

$t->wait_until_ready();

my %status;

$status{$t->payment($_)->{status}}++ for keys(%ids);
is_deeply(\%status, { succeeded => 120 }, 'all payments have succeeded');
is(scalar(grep { $t->charged($_) != 1 } keys(%ids)), 0,
   'the operator has charged each once');
