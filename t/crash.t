#!/usr/bin/perl

# kill -9 of the worker at every named point, then a restart: the operator
# charged exactly as often as the ledger says, and the merchant is told.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Test::More;

my $t = Carrierpay::Test->start(operator => 'settle 1s;');
my $subscriber = $t->subscriber('33600000001');
my %confirm = (confirm => JSON::PP::true, subscriber => $subscriber);
my @table;

$t->expect(qr/worker process \d+ exited on signal 9/);

# The worker that runs into the point dies, and those that follow it, until
# nginx is started without it.

sub crash_at {
    my ($point, $work) = @_;
    my $before = () = $t->error_log() =~ /exited on signal 9/g;

    $t->stop_nginx();
    {
        local $ENV{CARRIERPAY_CRASH} = $point;
        $t->start_nginx();
    }

    my $result = $work->();

    ok($t->wait_for(sub {
        my $now = () = $t->error_log() =~ /exited on signal 9/g;
        return $now > $before;
    }, 20), "$point: the worker died");
    $t->stop_nginx();
    $t->start_nginx();

    return $result;
}

sub settled {
    my ($id) = @_;

    $t->due_now();
    return $t->wait_for(sub {
        $t->payment($id)->{status} =~ /^(succeeded|failed)$/ }, 30);
}

sub row {
    my ($point, $id) = @_;
    my $posted = grep { Carrierpay::Test::public_id('pay_', $_->[0]) eq $id }
                 $t->sql('select payment_id from carrierpay.journal');

    ok($t->wait_for(sub { $t->due_now(); scalar($t->webhooks($id)) }, 20),
       "$point: the merchant is told");

    my %ids = map { $_->{id} => 1 } $t->webhooks($id);
    my @row = ($point, $t->payment($id)->{status}, $t->charged($id), $posted,
               scalar($t->webhooks($id)));

    is($row[3], $row[2], "$point: charged as often as posted");
    is(keys(%ids), 1, "$point: one event, however often delivered");
    push(@table, \@row);
}

for my $step (qw(begin operator finish)) {
    for my $when (qw(before after)) {
        my $point = "charge.$step:$when";
        my $key = "crash-$step-$when";

        crash_at($point, sub {
            $t->api(POST => '/v1/payments', $t->order(%confirm),
                    idempotency => $key);
        });

        # the merchant got no answer and asks again with his key

        my $again;

        ok($t->wait_for(sub {
            $t->due_now();
            $again = $t->api(POST => '/v1/payments', $t->order(%confirm),
                             idempotency => $key);
            return $again->{status} == 201;
        }, 30), "$point: the same key gets an answer");

        my $id = $again->{json}{id};

        ok(settled($id), "$point: settled");
        row($point, $id);
    }
}

for my $when (qw(before after)) {
    my $point = "outbox.deliver:$when";
    my $answer = crash_at($point, sub {
        $t->api(POST => '/v1/payments', $t->order(%confirm),
                idempotency => "outbox-$when");
    });
    my $id = $answer->{json}{id};

    is($answer->{status}, 201, "$point: the payment itself is done");
    row($point, $id);
}

# the shopper's tap takes the same way

for my $point (qw(charge.operator:after)) {
    my $payment = $t->create();

    crash_at($point, sub { $t->tap($t->checkout($payment)) });
    ok(settled($payment->{id}), "$point, tapped: settled");
    row("$point, tapped", $payment->{id});
}

note(sprintf('%-30s %-10s %7s %6s %7s', 'point', 'status', 'charged',
             'posted', 'webhook'));
note(sprintf('%-30s %-10s %7d %6d %7d', @$_)) for @table;
