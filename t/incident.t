#!/usr/bin/perl

# An operator contradicts itself: its status says that a charge was declined,
# so recovery fails the payment, and then the charge is answered. The payment
# stays failed, and operations are told.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Operator;
use Test::More;

my $operator = Carrierpay::Test::Operator->listen();
my $t = Carrierpay::Test->start(
    http => 'carrierpay_operator faulty { country FR; currency EUR;'
            . ' numbering 990 len=8; dialect sandbox; pass /egress/faulty;'
            . ' timeout 30s; settle 60s; }',
    egress => 'location /egress/faulty/ { internal; proxy_pass'
              . ' http://127.0.0.1:' . $operator->port('main') . '/; }');

$operator->serve($t);

my %subscriber = $operator->enrol($t, 'faulty');

$operator->questions('but_declined');
$t->expect(qr/operator "faulty" says "succeeded" of payment "pay_/);

my $sent = $t->charge_known_send($subscriber{faulty},
                                 description => 'forgets in_the_end');

$t->wait_ok(sub {
    $t->due_now();
    return $t->value('select count(*) from carrierpay.payment'
                     . " where state = 'f'");
}, 'recovery fails the payment');

my $answer = $t->receive($sent);
my $id = $answer->{json}{id};

is($answer->{status}, 201, 'the merchant gets an answer');
is($answer->{json}{status}, 'failed', 'the merchant is told what is recorded');
is($t->payment($id)->{status}, 'failed', 'the payment stays failed');
is($t->value('select string_agg(account || ? || amount, ? order by leg)'
             . ' from carrierpay.entry', '=', ' '),
   'test:operator:faulty:receivable=499 test:operator:faulty:suspense=-499',
   'what was taken stands in suspense');
is($t->wait_for_webhook($id)->{json}{type}, 'payment.failed',
   'the merchant gets a webhook of what is recorded');

my @alerts = grep { /\[alert\]/ } split(/\n/, $t->error_log());

is(scalar(@alerts), 1, 'one alert is logged');
like($alerts[0], qr/"faulty" says "succeeded" of payment "$id", which is/,
     'the alert says what contradicts what');
unlike($t->error_log(), qr/99000000/, 'no number is in the log');
is($t->metric('carrierpay_incidents_total'), 1, 'the incident is counted');

my $line = qr/^$id: incident 1, charged_not_recorded, since \S+Z: /m;

like($t->admin('incident', 'list'),
     qr/^1\ +$id\ +charged_not_recorded\ +\S+Z\ +failed\ +faulty
        \ +succeeded\ op-$id$/mx, 'incident list says what contradicts what');

my $admin = "$FindBin::Bin/../conf/carrierpay-admin";
my $where = "PGHOST=$t->{root}/postgres PGUSER=postgres PGDATABASE=carrierpay";
my $check = `$where $admin journal check`;

is($? >> 8, 1, 'journal check fails');
like($check, $line, 'journal check shows the incident');
like($check, qr/: recorded failed, faulty said succeeded op-$id$/m,
     'journal check says what contradicts what');
like($check, qr/: no difference, 1 open incidents$/,
     'journal check counts it');

$t->admin(qw(incident resolve 1 --owner=anna));
unlike($t->admin('incident', 'list'), qr/$id/,
       'a resolved incident is not listed');
