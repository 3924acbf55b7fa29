#!/usr/bin/perl

# Two fleets of workers, and numbers that run out: no worker makes identifiers
# under the number of another one. What has lost its number takes another.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::HTTP qw(http);
use Carrierpay::Test::Services qw(read_file reserve_ports service);
use Test::More;

my ($lock, @port) = reserve_ports(2);
my $t = Carrierpay::Test->start();

# The numbers that are leased now, and their processes.

sub leases {
    return map { $_->[0] => $_->[1] } $t->sql('select number, process'
        . ' from carrierpay.worker_lease where until > carrierpay.now_ms()');
}

# The numbers in the identifiers of new payments. A worker that takes another
# number answers 503 meanwhile.

sub numbers {
    my %seen = map {
        my $answer = $t->api(POST => '/v1/payments', $t->order());
        my $id = $answer->{json}{id} // '';

        $answer->{status} == 201
            ? ((Carrierpay::Test::private_id($id) >> 12 & 1023) => 1) : ();
    } 1 .. 16;

    return sort { $a <=> $b } keys(%seen);
}

my %first = leases();
my @own = sort { $a <=> $b } keys(%first);

is(scalar(@own), 2, 'each worker holds a number');
is(join(' ', numbers()), "@own", 'and makes identifiers under it');

# Another fleet is reloaded, and the numbers have come round to the first's.

my $node = $t->start_node(@port);

for my $round (1 .. 3) {
    my %before = reverse(leases());

    $t->sql('select setval(?, ?)', 'carrierpay.worker_number',
            $own[0] ? $own[0] - 1 : 1023);
    service('reload_nginx', $node);
    $t->wait_ok(sub {
        my %now = reverse(leases());

        return 2 == grep { !exists($before{$_}) } keys(%now);
    }, "reload $round: the new workers have numbers");
}

my %now = leases();

is(join(' ', map { $now{$_} } @own), join(' ', map { $first{$_} } @own),
   'not those of the first fleet');

is(join(' ', numbers()), "@own", 'which makes identifiers under them');
is($t->pay('33600000001')->{status}, 'succeeded', 'a shopper pays');

# All numbers are taken: a new worker waits for one.

$t->wait_ok(sub { %now = leases(); keys(%now) == 4 },
            'the numbers of workers that have ended are free');
$t->sql('select carrierpay.worker_take(?, 60000)'
        . ' from generate_series(1, 1020)', 'crowd');

sub healthy { return http('GET', $t->url('tls', '/healthz')
                =~ s/:$t->{port}{tls}/:$port[1]/r,
                ca => "$t->{root}/demo.crt")->{status} == 200 }

service('reload_nginx', $node);
$t->wait_ok(sub { !healthy() }, 'a new worker gets none, and is not healthy');
is(join(' ', numbers()), "@own", 'the first fleet goes on');
$t->wait_ok(sub { read_file("$node/error.log") =~
                  /ledger refused a call of worker_start, sqlstate 53000/ },
            'the log says why');
$t->sql('delete from carrierpay.worker_lease where process = ?', 'crowd');
$t->wait_ok(sub { healthy() && healthy() && healthy() },
            'when there are numbers again, it takes one');

# A number that was lost.

$t->sql('update carrierpay.worker_lease set until = 0'
        . ' where number = any (?)', \@own);
$t->wait_ok(sub {
    my @now = numbers();

    return @now == 2 && !grep { $_ == $own[0] || $_ == $own[1] } @now;
}, 'a worker that has lost its number takes another one');
is(scalar(() = $t->error_log() =~ /the lease has run out, worker \d+ is/g), 2,
   'and says so');
is($t->metric('carrierpay_leases_lost_total'), 2, 'and counts it');

service('stop_nginx', $node);
