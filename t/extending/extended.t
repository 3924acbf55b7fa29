#!/usr/bin/perl

# What t/extending adds, in the copy that it is added to: each thing does its
# work from end to end.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Services qw(read_file);
use Test::More;

my $t = Carrierpay::Test->start(http => 'carrierpay_remarks on;');
my $payment = $t->create();
my $remark = "/v1/payments/$payment->{id}/remark";

# The route, with the SQL operation, the event and the metric.

my $answer = $t->api(POST => $remark);

is($answer->{status}, 200, 'route: the API answers it');
is($answer->{json}{id}, $payment->{id}, 'SQL operation: it has a row');
is($t->api(POST => $remark, undef, key => 'none')->{status}, 401,
   'route: the merchant is authenticated');
is($t->api(POST => '/v1/payments/pay_0000000000000/remark')->{status}, 404,
   'route: another payment is not found');
is_deeply([map { $_->{json}{type} } $t->wait_for_webhook($payment->{id})],
          ['payment.remarked'], 'event: the merchant is told');
is($t->metric('carrierpay_payments_total{event="remarked"}'), 1,
   'metric: it counts');

# The page.

my $url = $t->url('tls', '/pay/')
    . ($payment->{next_action}{url} =~ m{/(cs_[^/]+)$})[0] . '/help';

like($t->get($url)->{body}, qr{<h1>You need help\?</h1>},
     'page: in English');
like($t->get($url, headers => ['Accept-Language: fr'])->{body},
     qr{<h1>Besoin d’aide}, 'page: in French');

# The dialect and the directive, in the configuration.

my $text = read_file("$t->{dir}/nginx.conf");

like($t->check_configuration($text =~ s/dialect    sandbox/dialect refusal/r),
     qr/test is successful/, 'dialect: nginx -t knows it');
like($t->check_configuration($text =~ s/dialect    sandbox/dialect other/r),
     qr/\[emerg\]/, 'another dialect is unknown');
like($t->check_configuration($text =~ s/remarks on/remarks maybe/r),
     qr/invalid value "maybe" in "carrierpay_remarks"/,
     'directive: nginx -t reads its value');
like($t->check_configuration($text =~ s/remarks on/other on/r),
     qr/unknown directive/, 'another directive is unknown');
