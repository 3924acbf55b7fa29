#!/usr/bin/perl

# Traces (W3C Trace Context): taken from the request, logged, passed on.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Services qw(read_file);
use Test::More;

my $t = Carrierpay::Test->start(sms => 1, http => <<'END');
    log_format traced "$request_method $uri $carrierpay_trace_id";
    access_log @dir@/traced.log traced;
    log_subrequest on;
END

my $PARENT = qr/00-([0-9a-f]{32})-([0-9a-f]{16})-(0[01])/;
my $TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
my $SPAN = '00f067aa0ba902b7';
my $subscriber = $t->subscriber('33600000001');

# A well-formed one goes to the operator, with another span.

my $id = charge("00-$TRACE-$SPAN-01");
my ($trace, $span, $flags) = at_the_operator($id);

is($trace, $TRACE, 'the operator gets the trace of the request');
isnt($span, $SPAN, 'the span is our own');
is($flags, '01', 'and whether it is sampled');
$t->wait_ok(sub { logged() =~ m{^POST /v1/payments \Q$TRACE\E$}m },
            'the trace of the request is logged');
$t->wait_ok(sub { logged() =~ m{^POST /egress/sandbox/charges \Q$TRACE\E$}m },
            'and that of the call');
is((at_the_operator(charge("00-$TRACE-$SPAN-00")))[2], '00',
   'one that is not sampled stays so');
is((at_the_operator(charge("cc-$TRACE-$SPAN-03-what-comes-later")))[0],
   $TRACE, 'a later version may say more');
is((at_the_operator(charge("cc-$TRACE-$SPAN-03")))[2], '01',
   'and have other flags');

# Anything else starts a trace.

my %seen = ($TRACE => 1);

for my $wrong ('', "00-$TRACE-$SPAN", "00-$TRACE-$SPAN-01-",
               "00-$TRACE-$SPAN-0", "00-\U$TRACE\E-$SPAN-01",
               "ff-$TRACE-$SPAN-01", "00-@{[ '0' x 32 ]}-$SPAN-01",
               "00-$TRACE-@{[ '0' x 16 ]}-01", "00-${TRACE}0-$SPAN-01",
               "00-$TRACE-$SPAN-01, 00-$TRACE-$SPAN-01",
               "00_$TRACE-$SPAN-01", 'x' x 55)
{
    my ($new, undef, $sampled) = at_the_operator(charge($wrong));

    ok($new && !$seen{$new}++, "a new trace, not \"$wrong\"");
    is($sampled, '00', 'a new trace is not sampled');
}

my ($new) = at_the_operator(charge("00-$TRACE-$SPAN-01",
                                   "00-$TRACE-$SPAN-01"));

ok($new && !$seen{$new}++, 'a new trace, not one of two');

# A shopper's tap, and what is done later.

my $payment = $t->api(POST => '/v1/payments', $t->order(),
                      headers => ["traceparent: 00-$TRACE-$SPAN-01"])->{json};
my $page = $t->checkout($payment, msisdn => '33600000001');

is($t->tap($page)->{status}, 200, 'a tap pays');
($trace) = at_the_operator($payment->{id});
ok($trace && !$seen{$trace}++, 'a tap has a trace of its own');
like(logged(), qr{^POST /pay/\S+/confirm \Q$trace\E$}m,
     'the one that its request is logged with');

my @webhook = $t->wait_for_webhook($payment->{id})->{traceparent}
              =~ /^$PARENT$/;

is($webhook[0], $TRACE, 'a webhook has that of the merchant\'s request');
isnt($webhook[1], $SPAN, 'with a span of our own');
is($webhook[2], '01', 'sampled as it was');
$t->wait_for_messages();

my @sms = grep { /^\/sms\/ / }
          split(/\n/, read_file("$t->{root}/sandbox/traces.log"));

like($sms[-1], qr/^\S+ $PARENT$/, 'a call of an SMS gateway has a trace');
like($sms[-1], qr/ 00-\Q$TRACE\E-.*-01$/, 'that of the payment, too');


###############################################################################


sub charge {
    my @parents = @_;
    my $answer = $t->api(POST => '/v1/payments',
        $t->order(confirm => JSON::PP::true, subscriber => $subscriber),
        headers => [map { "traceparent: $_" } @parents]);

    is($answer->{status}, 201, 'a charge') or diag($answer->{body});

    return $answer->{json}{id};
}

# The parts of the traceparent of the charge, which is the last one.

sub at_the_operator {
    my ($id) = @_;

    ok($t->charged($id), 'the operator has charged');

    my ($last) = reverse(read_file("$t->{root}/sandbox/traces.log")
                         =~ m{^/charges (\S+)$}mg);

    return $last =~ /^$PARENT$/;
}

sub logged { return eval { read_file("$t->{dir}/traced.log") } // '' }
