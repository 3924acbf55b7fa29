#!/usr/bin/perl

# More at once than there is room for: connections of a worker, or calls of
# the egress server. A request that is not served is told so or not answered;
# nothing is charged without an intent, and no slot is lost.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Operator;
use Carrierpay::Test::Services qw(write_file);
use Test::More;

# Listening and connected sockets take some eight slots of a worker, and each
# charge takes three: the client's, the call's and the operator's.

{
    package Tiny;

    our @ISA = ('Carrierpay::Test');

    sub configuration {
        my ($self, @file) = @_;
        my $text = $self->SUPER::configuration(@file);

        return @file ? $text : $text =~ s/(?<=worker_connections )\d+/17/r;
    }
}

my $operator = Carrierpay::Test::Operator->listen();
my $t = Tiny->start(
    http => 'upstream faulty { server 127.0.0.1:' . $operator->port('main')
            . '; keepalive 4; } carrierpay_operator faulty { country FR;'
            . ' currency EUR; numbering 990 len=8; dialect sandbox;'
            . ' pass /egress/faulty; timeout 5s; settle 10s; }',
    egress => 'location /egress/faulty/ { internal; proxy_pass'
              . ' http://faulty/; }');

$operator->serve($t);

my %subscriber = $operator->enrol($t, 'faulty');

# Sends so many charges at once; returns the answers. A charge whose connection
# is closed without a byte was not accepted.

sub flood {
    my ($count) = @_;

    local $SIG{PIPE} = 'IGNORE';

    my @sent = map {
        eval {
            $t->charge_known_send($subscriber{faulty},
                                  description => 'charges after_a_while')
        } // ()
    } 1 .. $count;

    return map { $t->receive($_) } @sent;
}

# What must be true of each answer, and of each payment that was begun.

sub claims {
    my ($name, @answers) = @_;
    my %said;

    for my $answer (@answers) {
        my $payment = $answer->{json} // {};

        $said{join(' ', $answer->{status}, $payment->{status} // '-',
                   ($payment->{failure} // $payment)->{code} // '-')}++;
    }

    my @known = ('0 - -', '201 failed operator_unavailable',
                 '201 succeeded -', '503 503 service_unavailable');
    my %left = %said;

    delete(@left{@known});
    is(join(', ', sort(keys(%left))), '',
       "$name: no answer but the known ones");
    diag(join(', ', map { "$said{$_} x $_" } sort(keys(%said))));
    $t->wait_ok(sub { $t->unfinished() == 0 },
                "$name: all payments are settled");

    my @wrong = grep {
        my ($id, $state) = (Carrierpay::Test::public_id('pay_', $_->[0]),
                            $_->[1]);
        my $asked = $operator->asked(POST => $id);

        $asked != ($state eq 's' ? 1 : 0) || $t->charged($id) != $asked;
    } $t->sql('select id, state from carrierpay.payment');

    is(scalar(@wrong), 0,
       "$name: the operator was asked once to charge what succeeded");
    is($operator->asked_without($t), 0,
       "$name: the operator was asked nothing without an intent");

    return \%said;
}

$t->expect(qr/worker_connections are not enough/);

my $failed = 0;

for my $round (1 .. 3) {
    my $said = claims("flood $round", flood(24));

    $failed += $said->{'201 failed operator_unavailable'} // 0;
    cmp_ok($said->{'201 succeeded -'} // 0, '>', 0,
           "flood $round: some charges succeed");
}

like($t->error_log(), qr/worker_connections are not enough/,
     'connections of a worker have run out');
cmp_ok($failed, '>', 0, 'connections for calls to the operator have run out');

# A webhook that is being told takes slots, too, and one that got none comes
# again later.

for my $round (1 .. 5) {
    $t->wait_for(sub {
        $t->sql('update carrierpay.outbox set due_at = carrierpay.now_ms()'
                . ' where token is null');
        return !$t->value('select count(*) from carrierpay.outbox');
    }, 'no webhook is owed any more');

    my ($answer) = flood(1);

    is($answer->{json}{status}, 'succeeded',
       'a charge after the flood succeeds');
}

# Calls of the egress server.

write_file("$t->{dir}/nginx.conf",
           $t->Carrierpay::Test::configuration()
           =~ s/(?<=carrierpay_egress);/ calls=1;/r);
ok($t->reload(), 'enough connections, and one call at a time');

my $said = claims('calls', flood(12));

cmp_ok($said->{'201 failed operator_unavailable'} // 0, '>', 5,
       'most calls to the operator are refused');
cmp_ok($said->{'201 succeeded -'} // 0, '>', 0,
       'some calls to the operator are made');
