#!/usr/bin/perl

# Merchants say where webhooks go, so they are strangers' addresses: none
# leads into our own network, whatever it looks like and however it resolves;
# none is followed anywhere; and no endpoint slows another.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Operator;
use Carrierpay::Test::Resolver;
use IO::Select;
use IO::Socket::INET;
use Test::More;
use Time::HiRes qw(sleep time);

my $server = Carrierpay::Test::Operator->listen();
my $hooks = '127.0.0.1:' . $server->port('main');
my $port = $server->port('main');
my $resolver = Carrierpay::Test::Resolver->start(
    'allowed.test'  => ['127.0.0.1'],
    'inside.test'   => ['10.0.0.1'],
    'metadata.test' => ['169.254.169.254'],
    'mapped.test'   => ['::ffff:127.0.0.2'],
    'six.test'      => ['::1'],
    'beside.test'   => ['127.0.0.2'],
    'empty.test'    => [],
    'rebind.test'   => [['127.0.0.1'], ['127.0.0.2']],
);

# A listener where no webhook may go, so that one that does is noticed.

my $forbidden = IO::Socket::INET->new(LocalAddr => '127.0.0.2', Listen => 64,
    LocalPort => $port) or die "127.0.0.2: $!\n";

my $t = Carrierpay::Test->start(
    allow => 'carrierpay_webhook_allow 127.0.0.1/32;',
    egress => 'resolver 127.0.0.1:' . $resolver->port() . ' valid=1s;'
              . ' resolver_timeout 2s; location /egress/operator/ { internal;'
              . " proxy_pass http://$hooks/; }");
my $subscriber = $t->subscriber('33600000001');

$server->serve($t);

my @endpoints;

sub endpoint {
    my ($name, $url) = @_;
    my $id = 1001 + @endpoints;

    $t->sql('insert into carrierpay.endpoint (id, merchant_id, live, url,'
        . ' secret) select ?, merchant_id, live, ?, secret from'
        . ' carrierpay.endpoint where id < 1000', $id, $url);
    push(@endpoints, { id => $id, name => $name, url => $url });

    return $endpoints[-1];
}

sub charge_send {
    return $t->charge_known_send($subscriber);
}

# When the next attempt at an endpoint is due after so many attempts, in
# seconds since 1970; undef when the webhook was taken.

sub owed_after {
    my ($endpoint, $tries) = @_;
    my @row;

    $t->wait_for(sub {
        @row = $t->sql('select token is null, attempts, due_at / 1000.0'
            . ' from carrierpay.outbox where endpoint_id = ?',
            $endpoint->{id});
        return !@row || $row[0][0] && $row[0][1] == $tries;
    }, "try $tries of endpoint $endpoint->{name} has ended");

    return @row ? $row[0][2] : undef;
}

sub forget_endpoints {
    $t->sql('delete from carrierpay.endpoint where id > 1000');
    $t->sql('delete from carrierpay.outbox where endpoint_id > 1000');
    @endpoints = ();
}

# Every way to write an address of our own network, and names that lead there.

endpoint('inside', $_) for
    map({ "http://$_:$port/hooks/inside" }
        qw(127.0.0.2 127.1 127.0.0.1. 2130706433 0x7f000001 0x7f.0.0.1
           0177.0.0.1 0.0.0.0 0 10.0.0.1 172.16.0.1 172.31.255.254
           192.168.0.1 100.64.0.1 169.254.169.254 192.0.0.1 198.18.0.1
           224.0.0.1 240.0.0.1 255.255.255.255 [::] [::1] [::ffff:127.0.0.2]
           [::ffff:7f00:2] [::127.0.0.2] [0:0:0:0:0:ffff:0a00:0001]
           [64:ff9b::10.0.0.1] [2002:7f00:2::] [fe80::1] [fc00::1]
           [fd00:ec2::254] [ff02::1] [fe80::1%lo] inside.test metadata.test
           mapped.test six.test beside.test empty.test nowhere.test
           localhost)),
    "http://user\@$hooks/hooks/inside", 'http://127.0.0.1:0/hooks/inside',
    "ftp://$hooks/hooks/inside", "gopher://$hooks/hooks/inside",
    "file:///etc/passwd", 'http:///hooks/inside',
    "http://$hooks#/hooks/inside",
    "HTTP://unix:$t->{root}/redis/redis.sock:/hooks/inside",
    "http://unix:$t->{root}/redis/redis.sock:/hooks/inside";

# The address that is allowed, and a name that leads there.

my @allowed = map { endpoint('allowed', "http://$_:$port/hooks/nothing") }
              qw(127.0.0.1 allowed.test [::ffff:127.0.0.1] ALLOWED.test);
my @inside = grep { $_->{name} eq 'inside' } @endpoints;

$t->receive(charge_send());

for my $endpoint (@inside) {
    ok(owed_after($endpoint, 1), "the webhook is refused: $endpoint->{url}");
    like($t->error_log(), qr/webhook to endpoint $endpoint->{id} refused: /,
         "the refusal is logged: $endpoint->{url}");
}

is(owed_after($_, 1), undef,
   "the webhook is delivered: $_->{url}") for @allowed;
is($server->hooks('/hooks/inside'), 0, 'no refused endpoint was called');
ok(!IO::Select->new($forbidden)->can_read(0),
   'the address that is not allowed was not called');
forget_endpoints();

# A name that leads elsewhere when it is asked again: only the address that
# was checked is called.

my $rebind = endpoint('rebind', "http://rebind.test:$port/hooks/error_500");

$t->receive(charge_send());

for my $try (1 .. 3) {
    ok(owed_after($rebind, $try),
       "a name that changes: attempt $try has ended");
    sleep(1.1);                    # the name is valid for a second
    $t->due_now();
}

cmp_ok($server->hooks('/hooks/error_500'), '>', 0,
       'a name that changes is called where it is allowed');
like($t->error_log(), qr/webhook to endpoint $rebind->{id} refused: loopback/,
     'a name that changes is refused where it is not allowed');
ok(!IO::Select->new($forbidden)->can_read(0),
   'a name that changes is not called where it is not allowed');
forget_endpoints();

# Answers that take a webhook, and answers after which it is owed for so many
# seconds.

my @taken = qw(nothing chunked until_close no_content accepted in_pieces
               no_body cut_body unbuffered large accel_operator
               accel_unknown);
my %owed = (
    (map { $_ => [4.5, 5.5] }
     qw(error_500 error_503 error_429 gone moved_301 moved_302 moved_303
        moved_307 moved_308 closed reset cut_status garbage http_09 sooner
        later_negative later_overflow)),
    later => [119, 120], later_503 => [299, 300], later_date => [4.5, 600],
    later_never => [86399, 86400],
);

endpoint($_, "http://$hooks/hooks/$_") for @taken, sort(keys(%owed));
endpoint('stranger', 'https://127.0.0.1:' . $server->port('tls')
                     . '/hooks/stranger');
$owed{stranger} = [4.5, 5.5];

my $start = time();

$t->receive(charge_send());

for my $endpoint (@endpoints) {
    my $name = $endpoint->{name};
    my $due = owed_after($endpoint, 1);

    if (!$owed{$name}) {
        is($due, undef, "$name: the webhook is taken");
        next;
    }

    my ($from, $to) = @{ $owed{$name} };

    ok($due, "$name: the webhook is still owed") or next;
    cmp_ok($due - $start, '>', $from - 1,
           "$name: the next attempt is not sooner than the endpoint wants");
    cmp_ok($due - time(), '<=', $to,
           "$name: the next attempt is not later than need be");
}

is($server->hooks('/hooks/stolen'), 0, 'no redirect was followed');
is($server->hooks('/hooks/stranger'), 0,
   'a server with another certificate got no webhook');
is($server->asked(GET => 'by_webhook'), 0, 'no webhook reached an operator');
forget_endpoints();

# A slow endpoint beside a fast one.

my $slow = endpoint('slow', "http://$hooks/hooks/silence");
my $good = endpoint('good', "http://$hooks/hooks/nothing?good");
my $payments = 40;

$t->receive($_) for map { charge_send() } 1 .. $payments;

# One after the other, the calls of the slow one would take 160 seconds.

$t->wait_ok(sub { $server->hooks('/hooks/nothing?good') == $payments },
            'all are told at once', 20);
cmp_ok($t->value('select count(*) from carrierpay.outbox where endpoint_id ='
                 . ' ?', $slow->{id}), '>', $payments / 2,
       'the slow endpoint is still being told when the other one has all');
forget_endpoints();
