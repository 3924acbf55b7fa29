#!/usr/bin/perl

# From http to https: what the plain listener learned goes on in a token, once,
# for one payment, one visitor and one address family, for two minutes; without
# a cookie, and with the number nowhere. Then what logs and variables say.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Enrichment qw(@LISTENERS http_hole make_keys addresses);
use Carrierpay::Test::HTTP qw(http);
use Carrierpay::Test::Services qw(read_file root);
use File::Copy qw(copy);
use JSON::PP ();
use Test::More;

my $log = read_file(root() . '/conf/log-json.conf');
my $plain = <<'END';
        location = /whoami { carrierpay_self_test; }

        # Variables are read early and late, in a map, in an "if", and behind
        # internal redirects.

        if ($carrierpay_identity = accepted) { set $known yes; }
        location = /if       { return 200 "$known $known_operator"; }
        location = /moved    { rewrite ^ /if last; }
        location = /failed   { error_page 404 = /if; return 404; }
        location = /inside   { try_files /nowhere @named; }
        location @named      { return 200 "$carrierpay_operator"; }
END

my $t = Carrierpay::Test->start(keys => \&make_keys, plain => $plain,
    http => http_hole() . $log . <<'END',
        access_log @dir@/json.log carrierpay_json;
        map $carrierpay_operator $known_operator {
            demo_fr  "of $carrierpay_operator";
            default  nobody;
        }
END
    tls => 'carrierpay_limit zone=early:1m key=$carrierpay_operator'
           . ' rate=1000r/s;');
my $number = '33600000001';

# The redirect from http to https.

my $payment = $t->create();
my ($link) = $payment->{next_action}{url} =~ m{/i/(.*)};
my $bounce = $t->identify($payment);
my $target = $bounce->{header}{location};
my ($token) = $target =~ /\?t=([\w-]{22})$/;

is($bounce->{status}, 303, 'the plain listener redirects');
is($bounce->{header}{'cache-control'}, 'no-store',
   'the redirect is not cached');
is($bounce->{header}{'referrer-policy'}, 'no-referrer',
   'the redirect sends no Referer');
unlike($bounce->{headers}, qr/set-cookie/i, 'the redirect sets no cookie');
unlike($bounce->{headers}, qr/600000001/,
       'the redirect has no number in its headers');

my $ttl = $t->redis('pttl', "cp:he:$token");

ok($ttl > 0 && $ttl <= 120_000, 'the token lives two minutes at most')
    or diag($ttl);
unlike($t->redis('get', "cp:he:$token"), qr/600000001/,
       'the token is stored sealed');

my $page = $t->follow($bounce);

like($page->{body}, qr/\+33\*+01.*<button/s, 'the page knows the line');
is($page->{header}{'cache-control'}, 'no-store', 'the page is not cached');
is($page->{header}{'referrer-policy'}, 'same-origin',
   'the page sends a Referer to its own origin alone');
like($page->{headers},
     qr{^Set-Cookie:\ __Secure-browser=[\w-]{22};\ Path=/pay/\Q$link\E;
        \ Secure;\ HttpOnly;\ SameSite=Lax\r$}mx,
     "the page's cookie is of this payment's pages alone");
unlike("$page->{headers}$page->{body}", qr/600000001/,
       'the page and its headers have no number');

# A token that was used, and one of another visitor or payment.

unlike($t->follow($bounce)->{body}, qr/\+33\*/, 'a token works once');
like($t->follow($bounce)->{body}, qr/good for one visit/,
     'the page explains that a link is good for one visit');

sub stolen { return $t->identify($payment)->{header}{location} }

unlike($t->get(stolen(), from => '127.0.0.2', agent => 'another')->{body},
       qr/\+33\*/,
       'a token does not work in another browser');

my ($other) = $t->create()->{next_action}{url} =~ m{/i/(.*)};

unlike($t->get(stolen() =~ s/\Q$link\E/$other/r, from => '127.0.0.2')
           ->{body}, qr/\+33\*/,
       'a token does not work for another payment');

# A load balancer of ours brings addresses of either family.

sub balanced {
    my ($address) = @_;
    my $answer = $t->get("http://$LISTENERS[4]{address}:$t->{port}{plain}/i/"
        . $link, from => addresses()->{hop}, headers => ['MDN: 352600000001',
                                            "X-Forwarded-For: $address"]);
    return $t->follow($answer)->{body};
}

like(balanced(addresses()->{trusted}), qr/\+352\*+01/,
     'a token works from the same address family');
unlike(balanced('2001:db8:3::1'), qr/\+352\*/,
       'a token does not work from another address family');

my $expired = stolen();
$t->redis('del', 'cp:he:' . ($expired =~ /t=(.*)/)[0]);
like($t->get($expired)->{body}, qr/name="number"/,
     'an expired token: the page asks for the number, without an error');

# The page and its log say why a line was not recognised.

my %why = (
    relay => qr/privacy relay/, vpn => qr/VPN/, fixed => qr/fixed network/,
    outside => qr/Wi-Fi/,
);

for my $from (sort(keys(%why))) {
    my $url = "http://$LISTENERS[0]{address}:$t->{port}{plain}/i/$link";
    my $answer = $t->get($url, from => addresses()->{$from});
    my $asked = $t->follow($answer);

    like($asked->{body}, $why{$from},
         "$from: the page says why the line is not known");
    like($asked->{body}, qr/name="number"/,
         "$from: the page asks for the number");
}

my $behind = $t->get("http://$LISTENERS[0]{address}:$t->{port}{plain}/i/"
                     . $link, headers => ['Via: 1.1 saver']);
like($t->follow($behind)->{body}, qr/data-saving/,
     'behind a proxy: the page says so');

# The gateway names an operator that is not configured.

my $cheap = $t->create();
my ($cheap_link) = $cheap->{next_action}{url} =~ m{/i/(.*)};
my $foreign = $t->get("http://$LISTENERS[0]{address}:$t->{port}{plain}/i/"
    . $cheap_link, from => addresses()->{trusted},
    headers => ['MDN: 352600000001', 'X-MCCMNC: 20801']);
my $barred = $t->follow($foreign);

is($barred->{status}, 200,
   'a line of an operator that is not configured gets a page');
unlike($barred->{body}, qr{/confirm"},
       'a line of an operator that is not configured cannot pay');

# Variables.

my %inside = (from => '127.0.0.2', headers => ["X-MSISDN: $number"]);

for my $path (qw(/if /moved /failed)) {
    is($t->get($t->url('plain', $path), %inside)->{body}, 'yes of demo_fr',
       "variables are known at $path");
}

is($t->get($t->url('plain', '/inside'), %inside)->{body}, 'demo_fr',
   'variables are known in a named location');
is($t->get($t->url('plain', '/if'))->{body}, ' nobody',
   'variables of a line that is not known are empty');

# The self-test.

my $self = $t->get($t->url('plain', '/whoami'), %inside)->{json};
my $line = $self->{network_line};

is_deeply($self, {
    enrichment => JSON::PP::true, identity => 'accepted',
    peer_from => 'socket', peer => '127.0.0.2', network => '127.0.0.2/32',
    network_kind => 'mobile', network_file => "$t->{dir}/nginx.conf",
    network_line => $line, operator => 'demo_fr', mvno => undef,
    evidence => 'network', found => ['x-msisdn'], found_total => 1,
    header => 'x-msisdn', mccmnc => undef, line => '+33******01',
}, 'the self-test shows the decision on its own request');
like((split(/\n/, $t->configuration()))[$line - 1], qr/network .*127\.0\.0\.2/,
     'the self-test names the line of the network directive');

$self = $t->get($t->url('plain', '/whoami'),
                headers => ["X-MSISDN: $number", 'X-IMSI: 1'])->{json};
is("$self->{identity} $self->{found_total}", 'untrusted 2',
   'the self-test shows that a header is refused');
is_deeply([@$self{qw(line operator network)}], [undef, undef, undef],
          'the self-test of a refused header shows no line');

$self = $t->get($t->url('plain', '/whoami?address=2001:db8:4::7'))->{json};
is("$self->{operator} $self->{network} $self->{network_kind}",
   'matrix 2001:db8:4::/48 fixed',
   'the self-test shows what is known of an address');
is($t->get($t->url('plain', '/whoami?address=x'))->{status}, 400,
   'the self-test refuses what is no address');

# The log follows a payment: its fields are known late and asked for early.

my $bought = $t->create();
my $confirm = $t->tap($t->checkout($bought));
my $broke = $t->create();

$t->tap($t->checkout($broke, msisdn => '33600000002'));
$t->payment($bought->{id});
$t->get($t->url('tls', "/pay/$link?n=relay"));
$t->get($t->url('tls', "/pay/$link?n=accepted"));

my @lines;

$t->wait_for(sub {
    @lines = map { JSON::PP->new->utf8->decode($_) }
             split(/\n/, read_file("$t->{dir}/json.log"));
    return grep { $_->{uri} =~ m{^/pay/} && $_->{identity} eq 'relay' }
           @lines[-2 .. -1];
}, 'the log of the last page');

sub logged {
    my ($payment, $pattern) = @_;
    my ($found) = grep { $_->{payment} eq $payment
                         && "$_->{method} $_->{uri}" =~ $pattern } @lines;

    return { map { $_ => $found->{$_} }
             qw(identity operator msisdn evidence state outcome) };
}

is_deeply(logged($bought->{id}, qr{^POST /v1/payments}),
    { identity => '', operator => '', msisdn => '', evidence => '',
      state => 'pending', outcome => '' },
          'the log of a creation has no line');
is_deeply(logged($bought->{id}, qr{^GET /pay/}),
    { identity => 'accepted', operator => 'demo_fr', msisdn => '+33******01',
      evidence => 'network', state => 'pending', outcome => '' },
    'the log of a page has the line, also when a limit asked for the '
    . 'operator first');
is_deeply(logged($bought->{id}, qr{^POST /pay/.*/confirm}),
    { identity => 'accepted', operator => 'demo_fr', msisdn => '+33******01',
      evidence => 'network', state => 'succeeded', outcome => 'succeeded' },
    'the log of a tap has line and outcome');
is(logged($broke->{id}, qr{^POST /pay/})->{outcome}, 'insufficient_funds',
   'the log of a tap that the operator declines says why');

my ($tap) = grep { $_->{payment} eq $bought->{id}
                   && $_->{uri} =~ /confirm/ } @lines;
like($tap->{operator_seconds}, qr/^\d+\.\d{3}$/,
     'the log says how long the operator took');
cmp_ok($tap->{operator_seconds}, '<', 25,
       "the operator's time is that of one call");
is(scalar(grep { $_->{uri} =~ m{^/pay/} && $_->{identity} eq 'accepted'
                 && $_->{msisdn} eq '' } @lines), 0,
   'a query that says "accepted" is not believed');

my $text = read_file("$t->{dir}/json.log");

unlike($text, qr/600000001/, 'the log has no number');
unlike($text, qr/\Q$token\E/, 'the log has no token of a bounce');
unlike($text, qr/\Q$link\E/, 'the log has no checkout token');
