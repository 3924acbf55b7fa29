#!/usr/bin/perl

# PostgreSQL or Redis is away: the documented answer within two seconds, and
# recovery without a restart.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Services qw(read_file);
use Test::More;

my $t = Carrierpay::Test->start(sandbox => 'delay=1500ms');
my $subscriber = $t->subscriber('33600000001');
my $slow = $t->subscriber('33600000005');

sub post { return $t->api(POST => '/v1/payments', $t->order(@_)) }

sub question {
    return $t->api(POST => '/v1/eligibility',
        { msisdn => '33600000001', amount => 499, currency => 'EUR' });
}

# Charges that the operator has answered.

sub answers {
    my $log = read_file("$t->{root}/sandbox/access.log");

    return scalar(() = $log =~ m{^POST /charges 201$}mg);
}

# The promise of the API when it cannot serve.

sub is_unavailable {
    my ($answer, $name) = @_;

    is($answer->{status}, 503, "$name: 503");
    like($answer->{header}{'content-type'}, qr{^application/problem\+json},
         "$name: a problem");
    is($answer->{json}{code}, 'service_unavailable', "$name: with a code");
    like($answer->{header}{'retry-after'}, qr/^\d+$/, "$name: Retry-After");
    cmp_ok($answer->{seconds}, '<', 2.5, "$name: in time");
}

# PostgreSQL ends

my $pending = $t->create();
my $page = $t->checkout($pending);

$t->stop_postgres();
is_unavailable($t->charge_known($subscriber), 'charge without PostgreSQL');
is_unavailable(post(), 'create without PostgreSQL');
is_unavailable($t->api(GET => "/v1/payments/$pending->{id}"),
               'look without PostgreSQL');
is_unavailable(question(), 'question without PostgreSQL');

my $sorry = $t->tap($page);

is($sorry->{status}, 503, 'a tap without PostgreSQL: 503');
like($sorry->{header}{'content-type'}, qr{^text/html}, 'as a page');
is($t->get($t->url('tls', '/healthz'))->{status}, 503, 'health says so');

$t->start_postgres();
ok($t->wait_until_ready(), 'PostgreSQL is back: healthy');
is($t->charge_known($subscriber)->{status}, 201, 'charges go on');

# PostgreSQL hangs: its processes are stopped, sockets stay open

my ($postmaster) =
    read_file("$t->{root}/postgres/postgres.started") =~ /^(\d+)/;
my @processes = ($postmaster, Carrierpay::Test::children($postmaster));

kill('STOP', @processes);
is_unavailable(post(), 'create while PostgreSQL hangs');
kill('CONT', @processes);
ok($t->wait_until_ready(), 'it goes on');
is(post()->{status}, 201, 'created');

# PostgreSQL ends while the operator charges: the outcome waits in the worker

my $answers = answers();
my $sent = $t->charge_known_send($slow, reference => 'in flight');
my $id;

$t->wait_ok(sub {
    $id = $t->value("select id from carrierpay.payment"
                    . " where reference = 'in flight'")
}, 'begun');
$t->stop_postgres();
$t->wait_ok(sub { answers() > $answers }, 'the operator answers meanwhile');
$t->start_postgres();
$t->receive($sent);
$t->wait_ok(sub {
    $t->value('select count(*) from carrierpay.journal'
              . ' where payment_id = ?', $id)
}, 'the outcome is written when PostgreSQL is back');
ok($t->wait_until_ready(), 'by both workers');

# Redis ends

my $waiting = $t->create();

$t->stop_redis();

my $bounce = $t->identify($waiting);

cmp_ok($bounce->{seconds}, '<', 2.5, 'identify without Redis: in time');
like($bounce->{status}, qr/^(303|503)$/, 'the shopper gets an answer');
is($t->charge_known($subscriber)->{status}, 201,
   'server to server needs no Redis');
is(question()->{status}, 200, 'nor does a question');
$t->wait_ok(sub {
    my $health = $t->get($t->url('tls', '/healthz'));

    $health->{status} == 200 && $health->{body} =~ /"degraded"/;
}, 'health says so, and keeps the node');

$t->start_redis();
ok($t->wait_until_ready(), 'Redis is back: healthy again');
is($t->tap($t->checkout($waiting))->{status}, 200, 'and pay');
is($t->payment($waiting->{id})->{status}, 'succeeded', 'succeeded');
