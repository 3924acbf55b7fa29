#!/usr/bin/perl

# A line of a log says what it is about: operator and payment, event, message,
# the backend, the trace; and nothing that opens a payment or names a line.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Services qw(read_file root write_file);
use JSON::PP qw(decode_json);
use Test::More;

my $t = Carrierpay::Test->start(
    sms => 1,
    operator => 'timeout 2s; settle 6s;',
    http => 'include ' . root() . '/conf/log-json.conf;',
    egress => 'log_subrequest on;'
              . ' access_log @dir@/egress.log carrierpay_egress_json;'
              . ' access_log @dir@/combined.log;');

my $TRACE = qr/trace: "[0-9a-f]{32}"/;

# The operator does not answer, or is away.

my $unknown = $t->pay('33600000007');

is($unknown->{status}, 'processing', 'a charge has no answer');
line(qr/prematurely closed connection while reading response header/
     . qr/ from upstream, call of "\/egress\/sandbox", upstream: "[^"]+",/
     . qr/ flow: "confirm", payment: "\Q$unknown->{id}\E",/
     . qr/ operator: "demo_fr", $TRACE\n/,
     'an error of the call names operator and payment');
line(qr/operator left the outcome of a charge unknown, flow: "confirm",/
     . qr/ payment: "\Q$unknown->{id}\E", operator: "demo_fr", $TRACE\n/,
     'so does the outcome');
$t->wait_ok(sub {
    $t->due_now();
    return $t->payment($unknown->{id})->{status} eq 'pending';
}, 'recovery finds that nothing was charged');

$t->expect(qr/connect\(\) to unix:\S+ failed .* operator: "demo_fr"/);
$t->stop_sandbox();
unlink("$t->{root}/sandbox/sandbox.sock");

my $away = $t->pay('33600000001');

is($away->{status}, 'pending', 'a charge does not reach the operator');
line(qr/connect\(\) to unix:\S+ failed .* while connecting to upstream,/
     . qr/ call of .*, payment: "\Q$away->{id}\E", operator: "demo_fr"/,
     'an error of connecting names operator and payment');
$t->start_sandbox();

# A webhook is not taken.

write_file("$t->{root}/receiver/webhooks.log.status", '503');

my $paid = $t->pay('33600000001');
my $event = $paid->{id} =~ s/^pay_/evt_/r;

line(qr/webhook to endpoint \d+ was not taken, status 503, flow: "outbox",/
     . qr/ event: "\Q$event\E_\d+", payment: "\Q$paid->{id}\E", $TRACE\n/,
     'a webhook names event and payment');
unlink("$t->{root}/receiver/webhooks.log.status");

# A message is not taken; its id is that of the list of messages.

$t->wait_for_messages();
$t->expect(qr/connect\(\) to unix:\S+ failed .* message: "msg_/);
$t->stop_sandbox();
unlink("$t->{root}/sandbox/sandbox.sock");

my $payment = $t->create();

is($t->api(POST => "/v1/payments/$payment->{id}/pin",
           { msisdn => '+33600000002' })->{status}, 200,
   'a PIN is to be sent');
line(qr/message was not taken by "sandbox", flow: "message",/
     . qr/ message: "msg_\w{13}", payment: "\Q$payment->{id}\E", $TRACE\n/,
     'a message names itself and the payment');
$t->start_sandbox();

my ($message) = $t->admin('message', 'list', "--payment=$payment->{id}")
                =~ /\b(msg_[0-9a-z]{13})\b/;

ok($message, 'the message is listed');
like($t->error_log(), qr/message: "\Q$message\E"/,
     'its id in the log is the one of the list');

# Redis and PostgreSQL are named.

$t->expect(qr/redis\.sock|\.s\.PGSQL/);
$t->stop_redis();
line(qr/redis connection to "\Q$t->{root}\E\/redis\/redis\.sock" lost with/,
     'Redis is named by its path');
$t->start_redis();
$t->stop_postgres();
line(qr/postgres connection \d+ to "\Q$t->{root}\E\/postgres" lost with/,
     'PostgreSQL is named by its host');
$t->start_postgres();
$t->wait_until_ready();

# Calls in the access log.

my @calls = map { decode_json($_) }
            split(/\n/, read_file("$t->{dir}/egress.log"));
my @charges = grep { $_->{uri} eq '/egress/sandbox/charges' } @calls;

is(scalar(@charges), 3, 'each call has a line');
is(scalar(grep { $_->{trace} !~ /^[0-9a-f]{32}$/ } @calls), 0,
   'with its trace');
is(scalar(grep { $_->{status} == 201 && $_->{method} eq 'POST' } @charges), 1,
   'and the status of the answer');
is(scalar(grep { $_->{status} == 502 } @charges), 2,
   'or the one of a call without an answer');

my $combined = read_file("$t->{dir}/combined.log");

like($combined, qr{^- - - \[[^]]+\] "POST /egress/sandbox/charges" 201 }m,
     'the line tells what was called, in any format');
unlike($combined, qr/"-" 000/, 'no line tells nothing');

# Nothing that opens a payment, and no line of a shopper.

my $logs = join('', $t->error_log() =~ s/^.*client sent.*\n//gmr,
                map { read_file("$t->{dir}/$_") } qw(egress.log combined.log));

unlike($logs, qr/33600000\d{3}/, 'no log holds a number');
unlike($logs, qr/\bms_[0-9a-z]{13}/, 'nor the token of a message');
unlike($logs, qr/whsec_|Bearer/, 'nor a secret');


###############################################################################


sub line {
    my ($pattern, $name) = @_;

    $t->wait_ok(sub { $t->error_log() =~ /$pattern/m }, $name);
}
