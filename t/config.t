#!/usr/bin/perl

# nginx -t finds mistakes and says where they are; it opens no backend.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Services qw(read_file root);
use File::Copy qw(copy);
use Test::More;

my $t = Carrierpay::Test->start(operator => 'timeout 1s; settle 4s;');
my $conf = $t->configuration();
my $sandbox = $t->configuration('sandbox.conf');

$t->stop_postgres();
$t->stop_redis();
like($t->check_configuration($conf), qr/test is successful/,
     'the configuration of the tests is right, without backends');
$t->start_postgres();
$t->start_redis();

# The examples, with the paths and ports of this test.

my $module = Carrierpay::Test::module();
my $example = read_file(root() . '/conf/carrierpay.conf.example');

$example =~ s{/etc/carrierpay/secrets}{$t->{root}/secrets};
$example =~ s{/etc/carrierpay/kannel}{$t->{root}/sms.password};
$example =~ s{/etc/ssl/certs/pay[^;]*}{$t->{root}/demo.crt};
$example =~ s{/etc/ssl/private/pay[^;]*}{$t->{root}/demo.key};
$example =~ s{/var/log/nginx/|/run/nginx-}{$t->{dir}/}g;
$example =~ s{listen 80;}{listen 127.0.0.1:$t->{port}{plain};};
$example =~ s{listen 443 }{listen 127.0.0.1:$t->{port}{tls} };
$example =~ s{127\.0\.0\.1:8080}{127.0.0.1:$t->{port}{receiver}}g;
$example =~ s{127\.0\.0\.1:8090}{127.0.0.1:$t->{port}{gateway}}g;
like($t->check_configuration("load_module $module;\nevents {}\n"
                             . "http {\naccess_log off;\n$example}\n"),
     qr/test is successful/, 'conf/carrierpay.conf.example is right');

my $demo = read_file(root() . '/conf/demo/nginx.conf');

$demo =~ s{\@DIR\@/ngx_\w+\.so}{$module};
$demo =~ s{\@DIR\@/log-json}{@{[root()]}/conf/log-json};
$demo =~ s{\@DIR\@}{$t->{dir}}g;
$demo =~ s{\@RUN\@}{$t->{root}}g;
$demo =~ s{\@SMS\@}{kannel sandbox}g;
$demo =~ s{\Q$t->{root}\E/sms/messages}{$t->{dir}/messages};
$demo =~ s{listen 127\.0\.0\.1:8080}{listen 127.0.0.1:$t->{port}{plain}};
$demo =~ s{listen 127\.0\.0\.1:8443}{listen 127.0.0.1:$t->{port}{tls}};
copy(root() . '/conf/log-json.conf', $t->{dir}) or die "log-json.conf: $!\n";
like($t->check_configuration($demo), qr/test is successful/,
     'conf/demo/nginx.conf is right');

# Name, what is replaced, by what, and the message that nginx -t must give,
# with file and line.

for my $case (
    ['unknown dialect', 'dialect    sandbox', 'dialect    none',
     qr/unknown dialect "none"/],
    ['no dialect', 'dialect    sandbox;', '', qr/dialect/],
    ['unknown currency', 'currency   EUR', 'currency   EUX', qr/currency/],
    ['bad country', 'country    FR', 'country    FRA', qr/country/],
    ['enrichment, perhaps', 'enrichment on;', 'enrichment maybe;',
     qr/is neither "on" nor "off"/],
    ['an unknown peer', 'enrichment on;', 'enrichment on peer=header;',
     qr/unknown parameter/],
    ['a peer that nobody tells', 'enrichment on;',
     'enrichment on peer=real_ip;', qr/needs "carrierpay_hop"/],
    ['bad network', '127.0.0.2/32', '127.0.0.300/32', qr/127\.0\.0\.300/],
    ['host bits in a network', '127.0.0.3/32', '127.0.0.3/24',
     qr/127\.0\.0\.3/],
    ['overlapping networks', '127.0.0.3/32', '127.0.0.2/32', qr/network/],
    ['same operator twice', 'carrierpay_operator demo_cm',
     'carrierpay_operator demo_fr', qr/demo_fr/],
    ['no network where a header is believed',
     'network    127.0.0.2/32;', '', qr/network/],
    ['bad numbering', 'numbering  33 len=9', 'numbering  33 len=90',
     qr/numbering|len/],
    ['unknown parameter', 'numbering  33 len=9', 'numbering  33 size=9',
     qr/size=9/],
    ['duplicate', 'country    FR;', 'country FR; country FR;',
     qr/duplicate/],
    ['unknown directive in a block', 'country    FR;', 'colour red;',
     qr/unknown directive "colour"/],
    ['missing location', 'pass       /egress/sandbox',
     'pass       /egress/none', qr{/egress/none}],
    ['bad time', 'redis.sock timeout=2s', 'redis.sock timeout=x',
     qr/timeout=x/],
    ['a host name for PostgreSQL', 'host=/', 'host=localhost port=1 host=/',
     qr/host/],
    ['unreadable secrets', 'carrierpay_secrets    /',
     'carrierpay_secrets /none/', qr/No such file/],
    ['zone without size', 'zone=carrierpay:1m', 'zone=carrierpay',
     qr/zone/],
    ['zone too small', 'zone=carrierpay:1m', 'zone=carrierpay:1k', qr/zone/],
    ['a webhook location that is not there',
     'carrierpay_webhook_pass   /egress/webhook',
     'carrierpay_webhook_pass   /none', qr{/none}],
    ['a bad webhook network', '127.0.0.0/8', '127.0.0.0/99', qr/127\.0\.0\.0/],
    ['no egress server', 'carrierpay_egress;', '', qr/carrierpay_egress/],
    ['a charge that could be sent twice', 'proxy_http_version  1.1;',
     'proxy_http_version 1.1; proxy_next_upstream error non_idempotent;',
     qr/non_idempotent/],
    ['a longer location that could send it twice',
     'location /egress/webhook {', 'location = /egress/sandbox/charges { '
     . 'internal; proxy_pass http://sandbox_operator; '
     . "proxy_next_upstream non_idempotent; }\nlocation /egress/webhook {",
     qr/non_idempotent/],
    ['a regular expression on the way out',
     'location /egress/webhook {', "location ~ x { internal; }\n"
     . 'location /egress/webhook {', qr/regular expression/],
    ['an answer in pieces', 'proxy_http_version  1.1;',
     'proxy_http_version 1.1; proxy_buffering off;', qr/proxy_buffering/],
    ['a settle time that is too short', 'settle 4s', 'settle 3s',
     qr/"settle"/],
    ['a sandbox of no network', 'zone=sandbox:1m',
     'zone=sandbox:1m mccmnc=2089', qr/"mccmnc=2089"/],
    ['lines that moved nowhere', 'zone=sandbox:1m',
     'zone=sandbox:1m moved=0011', qr/"moved=0011"/],
    ['an unknown parameter of the sandbox', 'zone=sandbox:1m',
     'zone=sandbox:1m moves=0011:20897', qr/"moves=0011:20897"/],
    ['enrichment over TLS', qr/(?<=demo\.key;\n)/,
     "carrierpay_enrichment on;\n", qr/carrierpay_enrichment/],
) {
    my ($name, $from, $to, $message) = @$case;

    $from = qr/\Q$from\E/ if !ref($from);

    my ($wrong) = grep { /$from/ } $conf, $sandbox
        or fail("$name: the test replaces nothing");

    $wrong =~ s/$from/$to/;

    my $output = $t->check_configuration($wrong);

    like($output, $message, "$name: $message");
    like($output, qr/\[emerg\].* in \S+check\.conf:\d+$/m,
         "$name: nginx -t names file and line");
    like($output, qr/test failed/, "$name: nginx -t fails");
}

# A directive that is missing has no line.

my $none = $conf =~ s/carrierpay_secrets[^;]*;//r;

like($t->check_configuration($none), qr/\[emerg\].*"carrierpay_secrets"/,
     'no carrierpay_secrets: nginx -t says so');
