#!/usr/bin/perl

# kill -9 of workers under load: those that replace them take over at once
# what the dead ones were charging, which without them waits for a minute.
# Workers that are alive keep what they do.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Process qw(living);
use Test::More;
use Time::HiRes qw(time);

my $LOAD = 24;

# The operator charges at once and answers 8 s later.

my $t = Carrierpay::Test->start(operator => 'timeout 15s; settle 20s;',
                                sandbox => 'delay=8s');
my $subscriber = $t->subscriber('33600000005');

$t->expect(qr/worker process \d+ exited on signal 9/);

# Sends the charges of a round, all of which the operator has got.

sub load {
    my ($round) = @_;
    my $before = $t->operator_log();
    my @sent = map { $t->charge_known_send($subscriber,
                                           reference => "$round-$_") }
               1 .. $LOAD;

    $t->wait_ok(sub { $t->operator_log() == $before + $LOAD },
                "$round: the operator has all charges");

    return @sent;
}

# What must be true afterwards; so many seconds are far less than the minute.

sub claims {
    my ($round, $start) = @_;

    $t->wait_ok(sub { $t->unfinished() == 0 },
                "$round: all payments are settled");
    cmp_ok(time() - $start, '<', 40,
           "$round: they are settled long before their leases run out");

    my @payments = $t->sql('select id, state from carrierpay.payment'
                           . ' where reference like ?', "$round-%");
    my @wrong = grep {
        $_->[1] ne 's'
        || $t->charged(Carrierpay::Test::public_id('pay_', $_->[0])) != 1
    } @payments;

    is(scalar(@payments), $LOAD, "$round: each charge has a payment");
    is(scalar(@wrong), 0, "$round: each payment is charged once");
}

# One of two workers.

my @sent = load('one');
my ($victim, $other) = $t->workers();
my $start = time();

kill('KILL', $victim);

my @answered = grep { $_->{status} } map { $t->receive($_) } @sent;

claims('one', $start);
is(scalar(grep { $_->{status} != 201 } @answered), 0,
   'the other worker answers what it was doing');
is($t->metric('carrierpay_recovered_total'), $LOAD - @answered,
   'only what the dead worker was doing is recovered');
is(join(' ', living($other)), $other, 'the other worker lives on');

# The whole nginx, which comes back as other processes.

load('all');
$start = time();
$t->kill_nginx();
$t->start_nginx();
claims('all', $start);
$t->wait_ok(sub {
    $t->value('select count(*) from carrierpay.worker_lease') == 2
}, 'all: the workers that have ended are forgotten');

# A reload: the old workers are no dead ones.

@sent = load('reload');
$t->reload();
@answered = map { $t->receive($_) } @sent;
is(scalar(grep { $_->{status} != 201 || $_->{json}{status} ne 'succeeded' }
          @answered), 0, 'a reload: old workers answer what they were doing');
claims('reload', time());
