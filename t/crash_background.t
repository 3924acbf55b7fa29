#!/usr/bin/perl

# A worker dies while it creates a payment, recovers one, or delivers a
# webhook.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Crash qw(crash_at settled claims table);
use Test::More;

my $t = Carrierpay::Test->start(operator => 'timeout 3s; settle 6s;');
my $subscriber = $t->subscriber('33600000001');

for my $when (qw(before after)) {
    my $point = "create.create:$when";
    my $create = sub {
        return $t->api(POST => '/v1/payments', $t->order(),
                       idempotency => $point);
    };

    crash_at($t, $point, $create);

    my $answer = $create->();

    is($answer->{status}, 201, "$point: the same key gets an answer");
    is($answer->{header}{'idempotent-replayed'},
       $when eq 'after' ? 'true' : undef,
       "$point: the answer is that of the payment that was made");
    $t->tap($t->checkout($answer->{json}));
    claims($t, $point, $answer->{json}{id});
}

# The operator charges 0006 and does not answer.

for my $point (map { ("recover.$_:before", "recover.$_:after") }
               qw(operator finish))
{
    my $id;

    crash_at($t, $point, sub {
        $id = $t->pay('33600000006')->{id};
        $t->due_now();
    });
    settled($t, $point, $id);
    claims($t, $point, $id);
}

for my $point (map { ("outbox.$_:before", "outbox.$_:after") }
               qw(resolve deliver record))
{
    my $answer = crash_at($t, $point, sub {
        $t->charge_known($subscriber, idempotency => $point);
    });

    is($answer->{status}, 201, "$point: the payment has succeeded");
    claims($t, $point, $answer->{json}{id});
}

table();
