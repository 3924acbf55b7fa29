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

# Operations that the ledger has not taken.

sub refused { return $t->metric('carrierpay_ledger_refused_total') }

# Each of these is refused by another part of a flow, and counted once.

sub is_counted {
    my ($name, $request) = @_;
    my $before = refused();
    my $answer = $request->();

    is(refused() - $before, 1, "$name: one operation is counted as refused");

    return $answer;
}

# What the API promises when it cannot serve.

sub is_unavailable {
    my ($answer, $name) = @_;

    is($answer->{status}, 503, "$name: the status is 503");
    like($answer->{header}{'content-type'}, qr{^application/problem\+json},
         "$name: the answer is a problem");
    is($answer->{json}{code}, 'service_unavailable',
       "$name: the code is service_unavailable");
    like($answer->{header}{'retry-after'}, qr/^\d+$/,
         "$name: the answer has Retry-After");
    cmp_ok($answer->{seconds}, '<', 2.5, "$name: the answer comes in time");
}

# PostgreSQL ends.

my $pending = $t->create();
my $page = $t->checkout($pending);

$t->stop_postgres();

for my $case (
    ['a charge without PostgreSQL', sub { $t->charge_known($subscriber) }],
    ['a creation without PostgreSQL', \&post],
    ['a read without PostgreSQL',
     sub { $t->api(GET => "/v1/payments/$pending->{id}") }],
    ['a question without PostgreSQL', \&question],
) {
    my ($name, $request) = @$case;

    is_unavailable(is_counted($name, $request), $name);
}

my $sorry = is_counted('a tap without PostgreSQL', sub { $t->tap($page) });

is($sorry->{status}, 503, 'a tap without PostgreSQL is answered with 503');
like($sorry->{header}{'content-type'}, qr{^text/html},
     'a tap without PostgreSQL gets a page');
is($t->get($t->url('tls', '/healthz'))->{status}, 503,
   'without PostgreSQL /healthz is 503');

$t->start_postgres();
ok($t->wait_until_ready(), 'both workers are ready when PostgreSQL is back');
is($t->charge_known($subscriber)->{status}, 201,
   'charges succeed when PostgreSQL is back');

# PostgreSQL hangs: its processes are stopped, and its sockets stay open.

my ($postmaster) =
    read_file("$t->{root}/postgres/postgres.started") =~ /^(\d+)/;
my @processes = ($postmaster, Carrierpay::Test::children($postmaster));

kill('STOP', @processes);
is_unavailable(post(), 'a creation while PostgreSQL hangs');
kill('CONT', @processes);
ok($t->wait_until_ready(), 'both workers are ready when PostgreSQL goes on');
is(post()->{status}, 201, 'payments are created when PostgreSQL goes on');

# PostgreSQL ends while the operator charges: the outcome waits in the worker.

my $answers = answers();
my $sent = $t->charge_known_send($slow, reference => 'in flight');
my $id;

$t->wait_ok(sub {
    $id = $t->value("select id from carrierpay.payment"
                    . " where reference = 'in flight'")
}, 'a charge has begun');
$t->stop_postgres();
$t->wait_ok(sub { answers() > $answers },
            'the operator answers while PostgreSQL is away');
$t->start_postgres();
$t->receive($sent);
$t->wait_ok(sub {
    $t->value('select count(*) from carrierpay.journal'
              . ' where payment_id = ?', $id)
}, 'the outcome is written when PostgreSQL is back');
ok($t->wait_until_ready(),
   'both workers are ready after the outcome was written');

# Redis ends.

my $waiting = $t->create();

$t->stop_redis();

my $bounce = $t->identify($waiting);

cmp_ok($bounce->{seconds}, '<', 2.5,
       'without Redis the link is answered in time');
is($bounce->{status}, 303, 'without Redis the link redirects');
like($bounce->{header}{location}, qr/\?n=unavailable$/,
     'without Redis the redirect says that there is no identity');
like($t->follow($bounce)->{body}, qr{action="[^"]+/number"},
     'without Redis the page asks for the number');
is($t->charge_known($subscriber)->{status}, 201,
   'a charge of a known subscriber needs no Redis');
is(question()->{status}, 200, 'a question needs no Redis');
$t->wait_ok(sub {
    my $health = $t->get($t->url('tls', '/healthz'));

    $health->{status} == 200 && $health->{body} =~ /"degraded"/;
}, 'without Redis /healthz is 200 and says "degraded"');

$t->start_redis();
ok($t->wait_until_ready(), 'both workers are ready when Redis is back');
is($t->tap($t->checkout($waiting))->{status}, 200,
   'a shopper can tap when Redis is back');
is($t->payment($waiting->{id})->{status}, 'succeeded',
   'the payment has succeeded');
