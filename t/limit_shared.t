#!/usr/bin/perl

# shared=redis: one budget for two nodes, as long as Redis answers; each has
# its own when it does not, and says so.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::HTTP qw(http http_send http_receive);
use Carrierpay::Test::Services qw(read_file reserve_ports service);
use Test::More;
use Time::HiRes qw(time);

my ($lock, @port) = reserve_ports(8);
my $limits = <<'END';
    location /shared/ {
        carrierpay_limit zone=shared key=$arg_k rate=1r/h burst=19 nodelay
                         shared=redis;
        empty_gif;
    }

    location /two/ {
        carrierpay_limit zone=shared key=$arg_k rate=1r/h burst=19 nodelay
                         shared=redis;
        carrierpay_limit zone=other key=$arg_n rate=1r/h burst=1 nodelay
                         shared=redis;
        empty_gif;
    }

    location /soon/ {
        carrierpay_limit zone=soon key=$arg_k rate=6r/m burst=1 nodelay
                         shared=redis;
        empty_gif;
    }

    location /delay/ {
        carrierpay_limit zone=delay key=$arg_k rate=30r/m burst=1
                         shared=redis;
        empty_gif;
    }

    location /line/ {
        carrierpay_limit zone=line key=subscriber rate=1r/h burst=1 nodelay
                         shared=redis;
        empty_gif;
    }
END

my $t = Carrierpay::Test->start(
    plain => "$limits add_header X-Limit \$carrierpay_limit_status always;",
    tls => 'carrierpay_limit zone=merchant key=merchant rate=1r/h burst=4'
           . ' nodelay shared=redis;'
           . 'carrierpay_limit zone=h2 key=$http_x_limit_h2 rate=5r/s'
           . ' burst=5 shared=redis;');

my $other = $t->start_node(@port);
my @node = ("http://127.0.0.1:$t->{port}{plain}", "http://127.0.0.1:$port[0]");

sub node { my ($n, @more) = @_; return http('GET', $node[$n] . $more[0],
                                            @more[1 .. $#more]) }

# Sends so many requests at once, to both nodes in turn; returns how many
# passed.

sub at_once {
    my ($count, $path) = @_;
    my @sent = map { http_send('GET', $node[$_ % 2] . $path) } 1 .. $count;

    return scalar(grep { http_receive($_)->{status} == 200 } @sent);
}

# Two nodes have exactly one budget.

is(at_once(60, '/shared/?k=1'), 20, 'two nodes at once share one budget');
is(join(' ', map { node($_ % 2, '/shared/?k=2')->{status} } 1 .. 22),
   join(' ', (200) x 20, 429, 429), 'two nodes in turn share one budget');

my $answer = node(0, '/shared/?k=3');

is($answer->{header}{'ratelimit'}, '"shared";r=19;t=3600',
   'the answer says what is left');
$answer = node(1, '/shared/?k=3');
like($answer->{header}{'ratelimit'}, qr/^"shared";r=18;t=7(?:200|1\d\d)$/,
     'the other node knows what is left');

# A limit that refuses takes nothing from the others, shared or not.

is(join(' ', map { node($_ % 2, '/two/?k=4&n=1')->{status} } 1 .. 6),
   '200 200 429 429 429 429', 'the narrower of two limits decides');
like(node(0, '/two/?k=4&n=2')->{header}{'ratelimit'}, qr/^"shared";r=17;/,
     'the wide limit was charged for what the narrow one let through');

# A budget fills again at its rate.

is(join(' ', map { node($_, '/soon/?k=1')->{status} } 0, 1, 0, 1),
   '200 200 429 429', 'a budget is used up over two nodes');
$t->wait_ok(sub { node(1, '/soon/?k=1')->{status} == 200 },
            'the budget fills again at its rate');

# Redis decides about delays, too.

my $start = time();
my @sent = map { http_send('GET', $node[$_ % 2] . '/delay/?k=1') } 1, 2;
my @answers = map { http_receive($_) } @sent;

is(join(' ', sort map { $_->{header}{'x-limit'} } @answers),
   'DELAYED PASSED', 'requests at two nodes wait in one queue');
cmp_ok(time() - $start, '>=', 1.8, 'the second request waited two seconds');

# Names in Redis have no number, and expire.

node(0, '/line/?', from => '127.0.0.2',
     headers => ['X-MSISDN: 33600000042']);
my @keys = split(/\n/, $t->redis('keys', 'cp:l:*'));

ok(scalar(grep { /^cp:l:line:[\w-]{22}$/ } @keys),
   'a subscriber is stored under a hash');
is(scalar(grep { /336/ && /0042/ } @keys), 0, 'no name in Redis has a number');
cmp_ok($t->redis('pttl', $_), '>', 0, "$_ expires") for @keys[0 .. 2];

# A merchant's limit comes after authentication, in the middle of a request;
# also over HTTP/2.

is(join(' ', map { $t->api(GET => '/v1/payments/x')->{status} } 1 .. 6),
   '404 404 404 404 404 429', 'a merchant is limited after authentication');

is($t->three_streams('/v1/x', 'X-Limit-H2: 1'), "2 404\n" x 3,
   'streams of HTTP/2 wait for their turn, and go on');

# A client that waits for Redis may leave: Redis hangs and does not answer.

my $local = 'carrierpay_limit_total{result="local_fallback"}';
my ($pid) = read_file("$t->{root}/redis/redis.started") =~ /^(\d+)/;

is($t->metric($local), 0, 'Redis has decided every request so far');
$t->expect(qr/redis connection/);
kill('STOP', $pid);
@sent = map { http_send('GET', $node[0] . '/shared/?k=5') } 1 .. 4;
$t->abandon($_) for @sent[0, 1];
is(http_receive($_)->{status}, 200, 'when Redis hangs the node decides')
    for @sent[2, 3];
kill('CONT', $pid);
$t->wait_ok(sub { $t->metric($local) >= 2 },
            'decisions of the node are counted');

# Without Redis each node has the whole budget.

$t->stop_redis();
$t->wait_for(sub { $t->error_log() =~ /redis connection/ },
             'a worker knows that Redis is away');
is(join(' ', map { node(0, '/shared/?k=6')->{status} } 1 .. 22),
   join(' ', (200) x 20, 429, 429),
   'without Redis the first node has the whole budget');
is(join(' ', map { node(1, '/shared/?k=6')->{status} } 1 .. 22),
   join(' ', (200) x 20, 429, 429),
   'without Redis the second node has the whole budget');
cmp_ok($t->metric($local), '>=', 20, 'decisions without Redis are counted');

# Redis refuses a key that has another type.

$t->start_redis();
$t->wait_ok(sub { $t->clients() >= 5 }, 'Redis is back');
node(0, '/shared/?k=7');
$t->redis('flushall');
is(node(1, '/shared/?k=7')->{status}, 200,
   'a key that Redis has forgotten passes');

my ($key) = split(/\n/, $t->redis('keys', 'cp:l:shared:*'));
my $before = $t->metric($local);

$t->redis('set', $key, 'text');
is(node(0, '/shared/?k=7')->{status}, 200,
   'a key with a value of another type passes');
is($t->metric($local), $before + 1,
   'the node decides about a value of another type');

# A clock that was ahead by a month locks no key.

$t->redis('flushall');
node(0, '/shared/?k=8');
($key) = split(/\n/, $t->redis('keys', 'cp:l:shared:*'));
$t->redis('zincrby', $key, 30 * 86400e6, 't');
$before = $t->metric($local);

is(node(0, '/shared/?k=8')->{status}, 200,
   'a key with a time far ahead passes');
is($t->metric($local), $before + 1, 'the node decides about a time far ahead');
like(node(1, '/shared/?k=8')->{header}{'ratelimit'}, qr/^"shared";r=17;/,
     'the node corrects a time far ahead in Redis');

service('stop_nginx', $other);
unlike(read_file("$other/error.log"),
       qr/\[(alert|emerg|crit)\]|runtime error:/,
       'no alert in the error log of the second node');
