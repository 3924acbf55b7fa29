#!/usr/bin/perl

# Configurations that start and then harm: what nginx -t warns of, with file
# and line. The example of the sources has none of it.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Example qw(example);
use Test::More;

my $t = Carrierpay::Test->start();
my $example = example($t);
my $said = $t->check_configuration($example);

like($said, qr/test is successful/, 'the example is right');
unlike($said, qr/\[warn\]/, 'the example is warned of nothing');

# Name, what is replaced, by what, the warning, and a text in its line.

for my $case (
    ['no pages', 'carrierpay_checkout;', 'return 404;',
     qr/no location has "carrierpay_checkout"/, 'timeout=5s;'],
    ['no identification', 'carrierpay_identify https://pay.example.com;',
     'return 404;',
     qr{another nginx must answer at "http://he\.pay\.example\.com/i/", for },
     'carrierpay_checkout;'],
    ['no enrichment', 'carrierpay_enrichment on;', '',
     qr/no server has "carrierpay_enrichment on", so no shopper/,
     'carrierpay_identify https'],
    ['enrichment that is off', 'carrierpay_enrichment on;',
     'carrierpay_enrichment off;',
     qr/no server has "carrierpay_enrichment on", so no shopper/,
     'carrierpay_identify https'],
    ['no callback', 'carrierpay_callback;', 'return 404;',
     qr/no location has "carrierpay_callback", where gateways call "http/,
     'timeout=5s;'],
    ['a callback that is open to all',
     qr/listen\ 127\S+;\s+access_log\ off;\s+location\ \/callback\/\ \{
        \ carrierpay_callback;[^}]+/x,
     "listen $t->{port}{receiver};\nlocation /callback/ {"
     . ' carrierpay_callback; ',
     qr/"carrierpay_callback" is open to every client/,
     'location /callback/'],
    ['metrics that are open to all', 'carrierpay_metrics; allow 127.0.0.1;'
     . ' deny all;', 'carrierpay_metrics;',
     qr/"carrierpay_metrics" is open to every client/, 'carrierpay_metrics;'],
    ['a self-test that is open to all', 'carrierpay_self_test; allow'
     . ' 127.0.0.1; deny all;', 'carrierpay_self_test;',
     qr/"carrierpay_self_test" is open to every client/,
     'carrierpay_self_test;'],
    ['no resolver', 'resolver 127.0.0.1 valid=60s;', '',
     qr/no "resolver" in the egress server/, 'carrierpay_webhook_pass  '],
    ['few connections', 'worker_connections 4096', 'worker_connections 64',
     qr/64 "worker_connections" are fewer than the 2051 /,
     '    carrierpay_egress;'],
    ['an error log that writes headers', 'error_log stderr notice',
     'error_log stderr info', qr/"error_log" at a level below "notice"/,
     'carrierpay_enrichment on'],
    ['no provider', 'carrierpay_provider  ', '# ',
     qr/"carrierpay_checkout" without "carrierpay_provider", which its pages/,
     'carrierpay_checkout;'],
    ['no support', 'carrierpay_support  ', '# ',
     qr/"carrierpay_checkout" without "carrierpay_support", which its pages/,
     'carrierpay_checkout;'],
    ['no privacy notice', 'carrierpay_privacy  ', '# ',
     qr/"carrierpay_checkout" without "carrierpay_privacy", which its pages/,
     'carrierpay_checkout;'],
    ['links that lead to TLS', 'http://he.pay.example.com/i/',
     'https://pay.example.com/i/',
     qr/"carrierpay_checkout_url" leads to TLS/, 'carrierpay_enrichment on'],
) {
    my ($name, $from, $to, $message, $where) = @$case;

    $from = qr/\Q$from\E/ if !ref($from);

    my $wrong = $example =~ s/$from/$to/r;

    isnt($wrong, $example, "$name: the test replaces something");

    my $line = $t->line_of($wrong, $where);
    my @warnings = grep { /\[warn\]/ }
                       split(/\n/, $t->check_configuration($wrong));

    like($warnings[0], qr/$message.* in \S+check\.conf:$line$/,
         "$name: nginx -t warns with file and line");
    is(scalar(@warnings), 1, "$name: there is one warning")
        or diag(join("\n", @warnings));
}

# The gateway of an operator without a header names no customer.

unlike(warned($example =~ s/carrierpay_enrichment on;//r
                       =~ s/^ +header +X-MSISDN;\n//mr), qr/\[warn\]/,
       'without a header no enrichment is missed');

# What closes a location, or its server.

my $open = $example =~ s/carrierpay_metrics; allow[^}]+/carrierpay_metrics; /r;

for my $closed ('allow 10.0.0.0/8; deny all;',
                'auth_basic "metrics"; auth_basic_user_file /dev/null;',
                'auth_request /healthz;', 'internal;') {
    unlike(warned($open =~ s/carrierpay_metrics; /$&$closed /r), qr/\[warn\]/,
           "metrics with \"$closed\" are closed");
}

unlike(warned($open =~ s/listen (?=$t->{port}{tls})/listen 127.0.0.1:/r),
       qr/\[warn\]/, 'metrics of a listener on loopback are closed');

my $public = "listen $t->{port}{receiver};";
my $untrusted = $example =~ s/mo +trusted;//r
    =~ s/carrierpay_callback; allow[^}]+/carrierpay_callback; /r
    =~ s/listen 127\S+;(?=\s+access_log off;\s+location .callback)/$public/r;

unlike(warned($untrusted), qr/\[warn\]/,
       'a callback whose senders are not trusted may be open');


sub warned {
    my ($text) = @_;
    my $said = $t->check_configuration($text);

    like($said, qr/test is successful/, 'the changed example is right');

    return $said;
}
