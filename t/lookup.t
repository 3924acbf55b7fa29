#!/usr/bin/perl

# The worker asks an operator once for the carrier of a line and keeps the
# answer in Redis. An operator that does not know it, or answers late, stops no
# payment.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::HTTP qw(http_receive http_send);
use Carrierpay::Test::Operator;
use Carrierpay::Test::Services qw(read_file);
use Test::More;

my $operator = Carrierpay::Test::Operator->listen();
my %port = map { $_ => $operator->port($_) } qw(main deaf closed);

# The name of an operator, its lookup_pass, where that goes, its own network.

my %operators = (
    asked  => ['timeout=5s cache=1h', 'http://sandbox_operator/', 11],
    hasty  => ['timeout=300ms cache=1h', 'http://sandbox_operator/', 12],
    busy   => ['timeout=3s max=1', "http://127.0.0.1:$port{deaf}/", 13],
    unkept => ['cache=0', 'http://sandbox_operator/', 14],
    faulty => ['timeout=2s', "http://127.0.0.1:$port{main}/", 15],
    closed => ['timeout=1s', "http://127.0.0.1:$port{closed}/", 16],
    silent => ['', undef, 17],                 # it has none
);

my @names = sort(keys(%operators));
my %country = map { $names[$_] => 980 + $_ } 0 .. $#names;
my $t = Carrierpay::Test->start(
    http => 'log_subrequest on; log_format calls "$uri $status";'
            . ' access_log @dir@/calls.log calls;'
            . join('', map { block($_) } @names),
    egress => join('', map { location($_) } grep { $operators{$_}[1] } @names),
    sandbox => 'delay=1s mccmnc=98010 moved=0011:980101 moved=0012:98110'
               . ' moved=0013:99999',
);

sub block {
    my ($name) = @_;
    my ($how, $to, $network) = @{ $operators{$name} };
    my $asks = $to ? "lookup_pass /egress/$name $how;" : '';
    my $mccmnc = "$country{$name}10";

    return "carrierpay_operator $name { country FR; currency EUR;"
           . " mccmnc $mccmnc; numbering $country{$name} len=8;"
           . " network 127.0.0.$network; header X-MSISDN; dialect sandbox;"
           . " pass /egress/sandbox; $asks"
           . " mvno ${name}_bars { type full; mccmnc ${mccmnc}1;"
           . " billing off reason=mvno_barred; } }\n";
}

sub location {
    my ($name) = @_;

    return "location /egress/$name/ { internal;"
           . " proxy_pass $operators{$name}[1]; }\n";
}

# Faults whose answer comes whole, and the others.

my @faults = qw(
    nothing chunked until_close in_pieces

    closed reset silence cut_status cut_headers cut_body cut_chunk
    promised_more stuck_body garbage other_protocol http_09 no_status large
    large_chunked trailing array bad_json html html_400 html_404 error_400
    error_429 error_500 error_503 redirect accepted no_body no_content
);
my $whole = 4;

$operator->serve($t);
$operator->lookups("$country{faulty}10", @faults);
$operator->enrol($t, @names);

# A shopper with this number comes over the operator's network, and then to the
# page.

sub bounce {
    my ($name, $digits) = @_;

    return $t->identify($t->create(), from => "127.0.0.$operators{$name}[2]",
                        msisdn => "$country{$name}1000$digits");
}

sub page_send {
    my ($bounce) = @_;

    return http_send('GET', $bounce->{header}{location},
                     headers => [$t->window()], from => $bounce->{from},
                     ca => "$t->{root}/demo.crt");
}

sub visit { return http_receive(page_send(bounce(@_))) }

# What became of the lookups of a block.

sub lookups_during(&) {
    my ($block) = @_;
    my %before = lookups();

    $block->();

    my %after = lookups();

    return map { $_ => $after{$_} - $before{$_} } keys(%after);
}

sub lookups_are(&$$) {
    my ($block, $expected, $name) = @_;
    my %came = lookups_during(\&$block);

    is(join(' ', map { "$_=$came{$_}" } grep { $came{$_} }
                 sort(keys(%came))), $expected, $name);
}

sub lookups {
    my $text = $t->get($t->url('tls', '/metrics'))->{body};

    return ($text =~ /^carrierpay_lookups_total\{result="(\w+)"\} (\d+)/mg,
            $text =~ /^carrierpay_lookup_(conflicts)_total (\d+)/m);
}

sub calls { return $t->metric('carrierpay_egress_calls_total') }

sub is_page {
    my ($answer, $name) = @_;

    is($answer->{status}, 200, "$name: the page is shown");
    like($answer->{body}, qr/<form method="post" action="[^"]+confirm"/,
         "$name: the page has a button to pay");
}

sub kept { return split(/\n/, $t->redis('keys', 'cp:lu:*')) }
sub forget { $t->redis('del', $_) for kept() }

# The operator is asked once.

lookups_are { is_page(visit('asked', '0001'), 'asked') } 'answered=1',
    'the operator is asked';
is(scalar(kept()), 1, 'the answer is kept in Redis');

my ($key) = kept();
my $ttl = $t->redis('ttl', $key);

cmp_ok($ttl, '<=', 3600, 'the answer is kept not longer than "cache" says');
cmp_ok($ttl, '>', 3500, 'the answer is kept as long as "cache" says');
like($key, qr/^cp:lu:[\w-]{43}$/, 'the answer is kept under a hash');
unlike($t->redis('get', $key), qr/98010/, 'the answer is kept sealed');

lookups_are { is_page(visit('asked', '0001'), 'again') } 'cached=1',
    'then Redis knows';
lookups_are { visit('asked', '0002') } 'answered=1', 'of that line alone';

# An entry under another line's name is not believed.

my ($other) = grep { $_ ne $key } kept();

$t->redis('copy', $key, $other, 'replace');
lookups_are { is_page(visit('asked', '0002'), 'moved entry') } 'answered=1',
    'an entry that was moved is not believed';
$t->redis('set', $key, 'nonsense');
lookups_are { is_page(visit('asked', '0001'), 'broken entry') } 'answered=1',
    'nor is one that is broken';

$t->redis('expire', $key, 0);
lookups_are { visit('asked', '0001') } 'answered=1',
    'what has expired is asked again';

lookups_are { visit('unkept', '0001') for 1, 2 } 'answered=2 conflicts=2',
    'with cache=0 always';
lookups_are { is_page(visit('silent', '0001'), 'no lookup') } '',
    'without lookup_pass never';

# The answer decides whether a line may pay, from Redis as from the operator.

for my $how (qw(answered=1 cached=1)) {
    my $page;

    lookups_are { $page = visit('asked', '0011') } $how, "an MVNO's: $how";
    unlike($page->{body}, qr/<form[^>]+confirm"/,
           "the page of a barred line has no button: $how");
    like($page->{body}, qr/asked_bars/,
         "the page of a barred line names the provider: $how");
}

# An operator is asked in its own mode alone: a test payment costs a real one
# no call.

sub question {
    my ($key) = @_;

    return $t->api(POST => '/v1/eligibility',
        { msisdn => "$country{asked}10000003", amount => 499,
          currency => 'EUR' }, idempotency => undef, key => $key);
}

my $live = $t->admin(qw(key add 1 --live));

lookups_are { is(question($live)->{json}{evidence}, 'prefix', 'a live key') }
    '', 'does not ask the sandbox';
lookups_are {
    is(question($t->{env}{CARRIERPAY_KEY})->{json}{evidence}, 'lookup',
       'a test key')
} 'answered=1', 'does';

# An answer that a line is unknown is kept for a shorter time.

forget();
lookups_are { is_page(visit('asked', '0014'), 'unknown') } 'answered=1',
    'a line that the operator does not know';
cmp_ok($t->redis('ttl', kept()), '<=', 600,
       'the answer about an unknown line is kept for ten minutes');
lookups_are { is_page(visit('asked', '0014'), 'still unknown') } 'cached=1',
    'then Redis knows that, too';

# Operators that are slow, silent, or away.

forget();
lookups_are { is_page(visit('hasty', '0015'), 'slow') } 'failed=1',
    'an answer after the timeout is none';
lookups_are { is_page(visit('asked', '0015'), 'patient') } 'answered=1',
    'within the timeout it is one';
lookups_are { is_page(visit('hasty', '0016'), 'no answer') } 'failed=1',
    'an operator that hangs up';
lookups_are { is_page(visit('closed', '0001'), 'closed') } 'failed=1',
    'an operator that is away';
is(scalar(kept()), 1, 'failed lookups are not kept');

# One call in flight a worker: of four pages in two workers, two at least go
# without. That port accepts no connection, so the first ones wait as long as
# they may, and their workers with them when they are told to leave.

my @busy = map { bounce('busy', '0001') } 1 .. 4;
my %came = lookups_during {
    my $before = calls() + {lookups()}->{refused};
    my @sent = map { page_send($_) } @busy;

    $t->wait_for(sub { calls() + {lookups()}->{refused} == $before + 4 },
                 'each of four pages has called, or was refused a call');
    ok($t->reload(), 'a reload while lookups are in flight');
    is(scalar(grep { http_receive($_)->{status} == 200 } @sent), 4,
       'all four pages are shown');
};

cmp_ok($came{refused}, '>=', 2, 'calls beyond the limit are not made');
is($came{refused} + $came{failed}, 4, 'the other calls were made');

# Another operator's line comes over this operator's network.

lookups_are { is_page(visit('asked', '0012'), 'conflict') }
    'answered=1 conflicts=1', 'another operator\'s code is not believed';
lookups_are { is_page(visit('asked', '0012'), 'conflict again') }
    'cached=1 conflicts=1', 'nor from Redis';
lookups_are { is_page(visit('asked', '0013'), 'stranger') }
    'answered=1 conflicts=1', 'nor a code that nobody has';

# Answers that cannot be used.

for my $i (0 .. $#faults) {
    my $page;

    lookups_are { $page = visit('faulty', sprintf('10%02d', $i)) }
        $i < $whole ? 'answered=1' : 'failed=1', "faulty: $faults[$i]";
    is_page($page, $faults[$i]);
}

# No number is in a log.

my $logs = join('', $t->error_log(), read_file("$t->{dir}/access.log"),
                read_file("$t->{dir}/calls.log"));

unlike($logs, qr/$country{$_}1000\d/, "no log has a number of $_")
    for @names;
like($logs, qr{^/egress/asked/lookups 200$}m, 'lookups are logged');
