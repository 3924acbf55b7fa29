#!/usr/bin/perl

# carrierpay_limit and carrierpay_sms_limit: exact over two workers, what a
# client is told, each key where it is known, and nothing lost in a reload.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::HTTP qw(http_send http_receive);
use Carrierpay::Test::Services qw(reserve_ports);
use IO::Socket::INET;
use Test::More;
use Time::HiRes qw(time);

my ($lock, $port) = reserve_ports(1);

# A server whose listeners are the workers' own: both get connections.

my $server = <<"END";
    carrierpay_sms_limit zone=sms_number key=number rate=1r/h burst=1;
    carrierpay_sms_limit zone=sms_prefix key=prefix rate=1r/d burst=2;
    carrierpay_sms_limit zone=sms_address key=address rate=1r/d burst=5;
    carrierpay_sms_limit zone=sms_merchant key=merchant rate=1r/d burst=50;

    server {
        listen 127.0.0.1:$port reuseport;
        add_header X-Worker \$pid always;
        add_header X-Limit  \$carrierpay_limit_status always;

        location /exact/ {
            carrierpay_limit zone=exact:1m key=\$arg_k rate=1r/h burst=99
                             nodelay;
            empty_gif;
        }

        location /burst/ {
            carrierpay_limit zone=burst key=\$arg_k rate=1000r/s burst=99
                             nodelay;
            empty_gif;
        }

        location /both/ {
            carrierpay_limit zone=wide key=\$arg_k rate=1r/h burst=9 nodelay;
            carrierpay_limit zone=narrow key=\$arg_n rate=1r/h burst=1
                             nodelay;
            empty_gif;
        }

        location /delay/ {
            carrierpay_limit zone=delay key=\$arg_k rate=30r/m burst=1;
            empty_gif;
        }

        location /wait/ {
            carrierpay_limit zone=wait key=\$uri rate=1r/m burst=2
                             log_level=warn;
            empty_gif;
        }

        location /dry/ {
            carrierpay_limit zone=dry key=\$arg_k rate=1r/h dry_run;
            empty_gif;
        }

        location /address/ {
            carrierpay_limit zone=address key=address rate=1r/h burst=1
                             nodelay;
            set_real_ip_from 127.0.0.9;
            empty_gif;
        }

        location /page/ {
            carrierpay_limit zone=page key=\$arg_k rate=1r/h;
            error_page 429 /slow;
            empty_gif;
        }

        location /slow { return 200 "slow"; }

        location /tiny/ {
            carrierpay_limit zone=tiny:32k key=\$arg_k rate=1r/h;
            empty_gif;
        }
    }
END

my $t = Carrierpay::Test->start(
    http => $server,
    plain => 'carrierpay_limit zone=line key=subscriber rate=1r/h burst=4'
             . ' nodelay;',
    tls => 'carrierpay_limit zone=line key=subscriber rate=1r/h burst=4'
           . ' nodelay;'
           . 'carrierpay_limit zone=merchant key=merchant rate=1r/h burst=39'
           . ' nodelay;'
           . 'carrierpay_limit zone=slow key=$http_x_limit_slow rate=5r/s'
           . ' burst=5;'
           . 'carrierpay_limit zone=test key=$http_x_limit_test rate=1r/h;',
);

sub limited { return $t->get("http://127.0.0.1:$port$_[0]", @_[1 .. $#_]) }

# Takes lists of paths and asks each list on a connection of its own, all at
# once; returns how many of each status, by worker.

sub flood {
    my (@lists) = @_;
    my (%seen, @sockets);

    for my $list (@lists) {
        my $socket = IO::Socket::INET->new(PeerAddr => "127.0.0.1:$port")
                     or die "$!\n";
        my @requests = map { "GET $_ HTTP/1.1\r\nHost: x\r\n" } @$list;

        $requests[-1] .= "Connection: close\r\n";
        $socket->print(join("\r\n", @requests, ''));
        $socket->flush();
        push(@sockets, $socket);
    }

    for my $socket (@sockets) {
        my $text = '';

        1 while $socket->sysread($text, 65536, length($text));
        $seen{$2}{$1}++
            while $text =~ m{HTTP/1\.1 (\d+)(?:.*?)^X-Worker: (\d+)}gms;
    }

    return %seen;
}

# A limit is exact over two workers that write at the same time.

my %seen = flood(map { [('/exact/?k=flood') x 30] } 1 .. 24);
my ($passed, $refused) = (0, 0);

for my $worker (values(%seen)) {
    $passed += $worker->{200} // 0;
    $refused += $worker->{429} // 0;
}

is(scalar(keys(%seen)), 2, 'both workers were asked');
is($passed, 100, 'as many as the burst and one have passed');
is($refused, 620, 'all others are refused');

# Workers whose cached times differ share a rate, too. Requests that wait in
# the sockets make them differ.

my $since = time();

%seen = flood(map { [('/burst/?k=flood') x 300] } 1 .. 24);
$passed = 0;
$passed += $_->{200} // 0 for values(%seen);
cmp_ok($passed, '<=', 100 + 1000 * (time() - $since + 0.05),
       'no more have passed than the rate allows');
cmp_ok($passed, '>=', 100, 'as many as the burst have passed');

# What a client is told.

my $answer = limited('/exact/?k=told');

is($answer->{status}, 200, 'a request within the limit passes');
is($answer->{header}{'ratelimit-policy'}, '"exact";q=100;w=360000',
   'the answer has the policy');
is($answer->{header}{'ratelimit'}, '"exact";r=99;t=3600',
   'the answer says what is left');
is($answer->{header}{'x-limit'}, 'PASSED',
   '$carrierpay_limit_status is PASSED');

$answer = limited('/exact/?k=flood');
is($answer->{status}, 429, 'a request beyond the limit is refused');
like($answer->{header}{'content-type'}, qr{^application/problem\+json},
     'the refusal is a problem');
is($answer->{json}{code}, 'rate_limited',
   'the refusal has the code rate_limited');
is($answer->{json}{status}, 429, 'the refusal repeats the status');
like($answer->{header}{'retry-after'}, qr/^3[56]\d\d$/,
     'the refusal has Retry-After');
like($answer->{header}{'ratelimit'}, qr/^"exact";r=0;t=3[56]\d\d$/,
     'the refusal says that nothing is left');
is($answer->{header}{'x-limit'}, 'REJECTED',
   '$carrierpay_limit_status is REJECTED');

# A key that is empty is not limited.

is(limited('/exact/')->{header}{'ratelimit'}, undef,
   'an empty key is not limited');

# A limit that refuses takes nothing from the others.

limited('/both/?k=1&n=1') for 1 .. 5;
$answer = limited('/both/?k=1&n=2');
is($answer->{status}, 200, 'another key passes the narrow limit');
like($answer->{header}{'ratelimit'},
     qr/^"wide";r=7;t=10(?:800|7\d\d), "narrow";r=1;t=3600$/,
     'the wide limit was charged for what the narrow one let through');

# A request waits for its turn.

my $start = time();
my @sent = map { http_send('GET', "http://127.0.0.1:$port/delay/?k=1") }
           1, 2;
my @answers = map { http_receive($_) } @sent;

cmp_ok(time() - $start, '>=', 1.9, 'the second request waited for its turn');
is(join(' ', map { $_->{status} } @answers), '200 200',
   'both requests have passed');
is(join(' ', sort map { $_->{header}{'x-limit'} } @answers),
   'DELAYED PASSED', 'one of the requests was delayed');

# A client that waits may leave.

@sent = map { http_send('GET', "http://127.0.0.1:$port/wait/") } 1 .. 3;
$t->wait_for(sub { 2 == (() = $t->error_log() =~ /zone "wait"/g) },
             'two requests wait');
is(limited('/wait/')->{status}, 429,
   'a request is refused when no place to wait is left');
$t->abandon($_) for @sent;
$t->wait_ok(sub { 2 == (() = $t->error_log() =~ /prematurely.*wait/g) },
            'the clients that waited have left');
like($t->error_log(), qr/\[warn\].*limiting requests by zone "wait"/,
     'refusals are logged at log_level');
like($t->error_log(), qr/\[notice\].*delaying requests by zone "wait"/,
     'delays are logged one level lower');

# Requests over HTTP/2 wait, too.

is($t->three_streams('/v1/x', 'X-Limit-Slow: 1'), "2 404\n" x 3,
   'streams of HTTP/2 wait for their turn, and go on');

# dry_run says what it would do.

is(join(' ', map { my $a = limited('/dry/?k=1');
                   "$a->{status} $a->{header}{'x-limit'}" } 1 .. 2),
   '200 PASSED 200 REJECTED_DRY_RUN', 'dry_run');
is(limited('/dry/?k=2')->{header}{'ratelimit'}, undef,
   'a limit with dry_run tells clients nothing');

# Addresses are those after realip.

is(join(' ', map { limited('/address/', from => "127.0.0.$_")->{status} }
             2, 2, 2, 3), '200 200 429 200',
   'each IPv4 address has its own limit');

my @behind = map { limited('/address/', from => '127.0.0.9',
                           headers => ["X-Real-IP: $_"])->{status} }
             qw(2001:db8::1 2001:db8::2 2001:db8::3 2001:db8:0:1::1
                192.0.2.1 ::ffff:192.0.2.1 192.0.2.1);
is("@behind", '200 200 429 200 200 200 429',
   'IPv6 addresses have a limit by /64');

# A page of the configuration.

limited('/page/?k=1');
$answer = limited('/page/?k=1');
is($answer->{body}, 'slow', 'error_page shows its own page');
is($answer->{status}, 429, 'error_page keeps the status');
ok($answer->{header}{'retry-after'}, 'error_page keeps Retry-After');

# A zone that is too small forgets the keys with full budgets first, and says
# so.

flood(map { my $n = $_; [map { "/tiny/?k=$n.$_" } 1 .. 500] } 1 .. 4);
cmp_ok($t->metric('carrierpay_limit_total{result="evicted"}'), '>', 100,
       'evictions are counted');
cmp_ok($t->metric('carrierpay_limit_total{result="rejected"}'), '>', 600,
       'refusals are counted');

# A reload keeps the buckets.

ok($t->reload(), 'a reload during limits');
is(limited('/exact/?k=flood')->{status}, 429,
   'a key is still refused after a reload');
like(limited('/exact/?k=told')->{header}{'ratelimit'}, qr/^"exact";r=98;/,
     'a key is still counted after a reload');

$t->kill_workers();
is(limited('/exact/?k=flood')->{status}, 429,
   'a key is still refused after workers were killed');

# A merchant's limit, when the key has identified the merchant.

my $payment = $t->create();
my @statuses = map { $t->api(GET => "/v1/payments/$payment->{id}")->{status} }
               1 .. 30;

is(scalar(grep { $_ == 200 } @statuses), 30,
   'a merchant within the budget passes');
is($t->api(GET => '/v1/payments/x', undef, key => 'sk_test_' . 'x' x 43)
   ->{status}, 401, 'a key that does not exist is refused, and not limited');

# A subscriber, identified by the network and by a typed number.

is(join(' ', map { $t->identify($payment, msisdn => '33600000007')->{status} }
             1 .. 6), '303 303 303 303 303 429',
   'an identified subscriber is limited');
is($t->identify($payment, msisdn => '33600000008')->{status}, 303,
   'another subscriber is not limited');

sub type_number {
    my ($number, %option) = @_;

    return $t->submit($t->unknown($payment, %option), 'number',
                      { number => $number }, %option);
}

$answer = type_number('+33600000007');
is($answer->{status}, 429,
   'the typed number of a limited subscriber is refused');
like($answer->{body}, qr/<html/, 'the refusal of a typed number is a page');
like($answer->{body}, qr/Not so fast/, 'the page says why');
ok($answer->{header}{'retry-after'}, 'the page has Retry-After');

# Budgets of SMS: by number, by prefix, by block of addresses.

is(join(' ', map { type_number("+3361111000$_")->{status} } 1 .. 3),
   '422 422 422', 'numbers within the budget of a prefix pass');

$answer = type_number('+33611110004');
is($answer->{status}, 429,
   'a number beyond the budget of its prefix is refused');
like($answer->{body}, qr/Too many codes/,
     'the page says that there were too many codes');
ok($answer->{header}{'retry-after'}, 'the refusal by prefix has Retry-After');

is(join(' ', map { type_number("+336$_")->{status} }
             qw(22220001 33330001 44440001)),
   '422 422 422',
   'numbers of other prefixes pass within the budget of an address');
is(type_number('+33655550001')->{status}, 429,
   'a number beyond the budget of its address is refused');
is(type_number('+33655550001', from => '127.0.0.77')->{status}, 429,
   'a neighbour in the block of addresses is refused, too');
is(join(' ', map { type_number('+33655550001', from => '127.0.1.1')->{status} }
             1 .. 3), '422 422 429',
   'another block has its own budget, and a number has its own');
is(type_number('12')->{status}, 422,
   'what is no number takes nothing from a budget');
is($t->metric('carrierpay_sms_limit_total{result="passed"}'), 8,
   'SMS that passed are counted');
is($t->metric('carrierpay_sms_limit_total{result="rejected"}'), 4,
   'SMS that were refused are counted');

# The checkout answers with a page, the API with a problem.

for my $case (['/pay/x', qr{^text/html}], ['/v1/x', qr{^application/problem}])
{
    my ($path, $type) = @$case;
    my @answers = map { $t->get($t->url('tls', $path),
                                headers => ["X-Limit-Test: $path"]) } 1 .. 2;

    is($answers[0]{status}, 404, "$path passes");
    is($answers[1]{status}, 429, "$path is refused");
    like($answers[1]{header}{'content-type'}, $type,
         "$path: the refusal has its type");
}

# The body of a refused request is read, so that the connection goes on.

$answer = $t->api(POST => '/v1/payments', '{' . ' ' x 100_000 . '}',
                  headers => ['X-Limit-Test: /v1/x']);
is($answer->{status}, 429, 'the body of a refused request is read');

# The merchant's budget ends.

@statuses = map { $t->api(GET => "/v1/payments/$payment->{id}")->{status} }
            1 .. 10;
like("@statuses", qr/^200 .* 429$/, 'a merchant beyond the budget is refused');
is(scalar(grep { $_ == 200 } @statuses), 9,
   "the merchant's whole budget could be used");

# No number is in the logs.

my $access = Carrierpay::Test::Services::read_file("$t->{dir}/access.log");

unlike($t->error_log() . $access, qr/3360000000|3361111|3365555/,
       'the logs have no number');

# Mistakes in the configuration.

my $conf = $t->configuration();

for my $case (
    ['no rate', 'rate=1r/h burst=99', 'burst=99', qr/must have "rate"/],
    ['a bad rate', 'rate=1r/m', 'rate=5', qr/invalid parameter "rate=5"/],
    ['a rate too high', 'rate=1r/m', 'rate=200000r/s', qr/invalid parameter/],
    ['a bad burst', 'burst=99', 'burst=-1', qr/invalid parameter/],
    ['a burst of a year', 'burst=99', 'burst=9000', qr/more than a year/],
    ['a misspelt key', 'key=address rate=1r/h', 'key=adress rate=1r/h',
     qr/unknown key "adress"/],
    ['a key of a request for SMS', 'key=prefix', 'key=$arg_k',
     qr/unknown key/],
    ['an unknown parameter', 'log_level=warn', 'log_level=loud',
     qr/invalid parameter/],
    ['no delays of SMS', 'key=prefix', 'key=prefix nodelay',
     qr/invalid parameter/],
    ['a zone too small', 'zone=tiny:32k', 'zone=tiny:1k', qr/too small/],
    ['a bad name', 'zone=tiny:32k', 'zone=ti,ny:32k', qr/name of a zone/],
    ['two keys for a zone', 'zone=wide key=$arg_k', 'zone=narrow key=$arg_k',
     qr/has another "key".*check\.conf:\d+/],
    ['a zone twice in one place', 'zone=narrow key=$arg_n',
     'zone=wide key=$arg_k', qr/zone "wide" is there twice/],
    ['two sizes', 'zone=exact:1m', 'zone=tiny:1m', qr/conflicts/],
) {
    my ($name, $from, $to, $message) = @$case;
    my $text = $conf;

    $text =~ s/\Q$from\E/$to/ or die "nothing like $from\n";
    like($t->check_configuration($text), $message, "nginx -t: $name");
}
