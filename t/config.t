#!/usr/bin/perl

# nginx -t finds mistakes and says where they are; it opens no backend.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Example qw(example);
use Carrierpay::Test::Services qw(read_file root write_file);
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

like($t->check_configuration(example($t)), qr/test is successful/,
     'conf/carrierpay.conf.example is right');

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

# Files that other users than their owner may read.

my %open = (others => 0644, group => 0640);

for my $who (sort keys(%open)) {
    write_file("$t->{root}/ring.$who", read_file("$t->{root}/secrets"));
    chmod($open{$who}, "$t->{root}/ring.$who");
}

write_file("$t->{root}/password", "secret\n");

# Shoppers have to be told who provides the payment.

for my $name (qw(carrierpay_provider carrierpay_support carrierpay_privacy)) {
    my $without = $conf =~ s/^\s*$name\s[^;]*;//mr;

    like($t->check_configuration($without), qr/\[warn\]\ [^\n]*
         "carrierpay_checkout"\ without\ "$name".*test\ is\ successful/sx,
         "pages without $name: nginx -t warns");
    unlike($t->check_configuration($conf), qr/without "$name"/,
           "pages with $name: no warning");
}

like($t->check_configuration($conf =~ s{https://pay\.example/privacy}
                                       {http://pay.example/privacy}r),
     qr{\[emerg\] \S+ "http://pay\.example/privacy": is not https:// in },
     'a privacy policy is read over HTTPS');

# Name, what is replaced, by what, and the message that nginx -t must give,
# with file and line.

for my $case (
    ['a cell twice', 'carrierpay_redis',
     'carrierpay_postgres host=/tmp; carrierpay_redis',
     qr/"carrierpay_postgres" directive stands twice for this cell/],
    ['a cell that is missing', 'carrierpay_redis',
     'carrierpay_postgres host=/tmp cell=2; carrierpay_redis',
     qr/2 cells need a "carrierpay_postgres" with "cell=1"/],
    ['lines behind a cell without', 'carrierpay_redis',
     'carrierpay_postgres host=/tmp cell=1 lines=off; carrierpay_postgres'
     . ' host=/tmp cell=2; carrierpay_redis',
     qr/and none behind one with "lines=off" in \S+:\d+/],
    ['neither with lines nor without', 'carrierpay_redis',
     'carrierpay_postgres host=/tmp cell=1 lines=no; carrierpay_redis',
     qr/parameter "lines=no" is neither "on" nor "off"/],
    ['no number of a cell', 'carrierpay_redis',
     'carrierpay_postgres host=/tmp cell=32; carrierpay_redis',
     qr/parameter "cell=32" has an invalid value/],
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
    ['a keyring that all may read', "$t->{root}/secrets",
     "$t->{root}/ring.others",
     qr/ring\.others" is open to other users than its owner: chmod 600/],
    ['a keyring that its group may read', "$t->{root}/secrets",
     "$t->{root}/ring.group",
     qr/ring\.group" is open to other users than its owner: chmod 600/],
    ['a password that all may read', 'user=carrierpay',
     "password_file=$t->{root}/password",
     qr/password_file=\S+ is open to other users than its owner/],
    ['no password file', 'user=carrierpay', 'password_file=/none',
     qr/cannot be opened \(2: No such file or directory\)/],
    ['ported numbers that are not there', 'carrierpay_zone',
     'carrierpay_ported /none; carrierpay_zone',
     qr/ported numbers "\/none" cannot be opened \(2: No such file/],
    ['pages without TLS', 'carrierpay_identify https:',
     'carrierpay_identify http:', qr/must begin with https:/],
    ['the API on the listener without TLS', 'enrichment on;',
     'enrichment on; location /api/ { carrierpay_api; }',
     qr/"carrierpay_api" is on a listener with "carrierpay_enrichment"/],
    ['the pages on the listener without TLS', 'enrichment on;',
     'enrichment on; location /page/ { carrierpay_checkout; }',
     qr/"carrierpay_checkout" is on a listener with/],
    ['the API beside the listener without TLS', 'enrichment on;',
     "enrichment on; }\nserver { listen 127.0.0.1:$t->{port}{plain};"
     . ' server_name x; location /api/ { carrierpay_api; }',
     qr/"carrierpay_api" is on a listener with/],
    ['everyone is a subscriber', '127.0.0.2/32', '0.0.0.0/0',
     qr{"0\.0\.0\.0/0" is larger than the network of any operator}],
    ['everyone is a subscriber by IPv6', '127.0.0.2/32', '::/0',
     qr{"::/0" is larger than the network of any operator}],
    ['a zone without a name', 'zone=carrierpay:1m', 'zone=:1m',
     qr/has a zone without a name/],
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

# All directives that are missing are named at once.

my $none = $conf
    =~ s/carrierpay_(?:secrets|zone|redis|checkout_url)\s[^;]*;//gr;
my $line = $t->line_of($none, 'user=carrierpay timeout');

like($t->check_configuration($none),
     qr/"carrierpay_postgres"\ needs\ "carrierpay_redis",
        \ "carrierpay_secrets",\ "carrierpay_zone",
        \ "carrierpay_checkout_url"\ in\ \S+check\.conf:$line$/mx,
     'all directives that are missing are named, with file and line');
