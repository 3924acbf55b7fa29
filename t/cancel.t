#!/usr/bin/perl

# "Do not pay" cancels a payment, on every page where it is pending, and leads
# back to the shop. The link alone changes nothing: a form without its page's
# token is refused.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::HTTP qw(form_fields urlencode);
use Test::More;

my $t = Carrierpay::Test->start(sms => 1, operator => 'timeout 20s;',
                                sandbox => 'delay=3s');
my $canceled = 0;

# The page of a pending payment, and its form to cancel.

my %page = (
    confirm  => sub { $t->checkout($_[0]) },
    identify => sub { $t->unknown($_[0]) },
    barred   => sub { $t->checkout($_[0], msisdn => '33690000001') },
    pin      => sub {
        $t->follow($t->submit($t->unknown($_[0]), 'number',
                              { country => 'FR', number => '0600000002' }));
    },
    mo       => sub { $t->follow($t->submit($t->unknown($_[0]), 'mo')) },
);

for my $name (sort(keys(%page))) {
    my $payment = $t->create(reference => $name);
    my $page = $page{$name}->($payment);
    my $answer = $t->submit($page, 'cancel');

    is($answer->{status}, 303, "$name: \"do not pay\" redirects");

    my $result = $t->follow($answer);

    like($result->{body}, qr/data-state="canceled"/,
         "$name: the page says that the payment was canceled");
    like($result->{body}, qr{href="https://shop\.example/r\?payment=
         $payment->{id}&amp;status=canceled"}x,
         "$name: the page leads back to the shop");

    my $after = $t->payment($payment->{id});

    is($after->{status}, 'canceled', "$name: the merchant sees it canceled");
    is($after->{next_action}, undef, "$name: nothing is left to do");
    is($t->wait_for_webhook($payment->{id})->{json}{type}, 'payment.canceled',
       "$name: the merchant gets a webhook");
    is($t->charged($payment->{id}), 0, "$name: nothing was charged");
    is($t->value('select count(*) from carrierpay.consent'
                 . ' where payment_id = ?',
                 Carrierpay::Test::private_id($payment->{id})), 0,
       "$name: there is no consent");
    $canceled++;

    $answer = $t->follow($t->submit($page, 'cancel'));
    like($answer->{body}, qr/data-state="canceled"/,
         "$name: the form may be sent again");
}

is($t->metric('carrierpay_payments_total{event="canceled"}'), $canceled,
   'each canceled payment is counted once');

# A tap on a page that is still open.

my $payment = $t->create();
my $page = $t->checkout($payment);

$t->submit($t->unknown($payment), 'cancel');
like($t->tap($page)->{body}, qr/data-state="canceled"/,
     'a canceled payment cannot be paid any more');
is($t->charged($payment->{id}), 0, 'the tap charges nothing');

# A payment that is being charged: the operator answers after 3 s.

$payment = $t->create();
$page = $t->checkout($payment, msisdn => '33600000005');

my $other = $t->unknown($payment);
my $tap = $t->tap_send($page);

$t->wait_for(sub { $t->payment($payment->{id})->{status} eq 'processing' },
             'the charge is under way');
like($t->follow($t->submit($other, 'cancel'))->{body},
     qr/data-state="processing"/,
     'a payment that is being charged is not canceled');
$t->receive($tap);
is($t->payment($payment->{id})->{status}, 'succeeded',
   'the charge that was under way succeeds');

# The link alone, and what else comes from elsewhere.

my $paid = $t->create();
my $receipt = $t->tap($t->checkout($paid, msisdn => '33600000009'));
my $pending = $t->create();
my $open = $t->unknown($pending);
my %form = (
    cancel => [$pending, $open, {}],
    number => [$pending, $open, { country => 'FR', number => '0600000003' }],
    mo     => [$pending, $open, {}],
    stop   => [$paid, $t->get($t->url('tls', link_of($paid) . '/stop')), {}],
    mail   => [$paid, $receipt, { email => 'shopper@example.com' }],
);

sub link_of {
    my ($of) = @_;

    return '/pay/' . ($of->{checkout} //= token_of($of));
}

# The link of a payment that has ended is in no answer of the API.

sub token_of {
    my ($of) = @_;

    return ($of->{next_action}{url} =~ m{/i/(cs_[\w-]+)})[0];
}

sub forge {
    my ($name, %option) = @_;
    my ($of, $from, $field) = @{ $form{$name} };

    return $t->post($t->url('tls', link_of($of) . "/$name"),
        headers => ['Content-Type: application/x-www-form-urlencoded',
                    @{ $option{headers} // [] }],
        body => urlencode(%$field, %{ $option{field} // {} }),
        agent => $option{agent});
}

for my $name (sort(keys(%form))) {
    my ($of, $from) = @{ $form{$name} };
    my ($token) = $from->{body} =~ /name="f" value="([\w-]{22})"/;
    my ($foreign) = $t->unknown($t->create())->{body}
                    =~ /name="f" value="([\w-]{22})"/;

    is(forge($name)->{status}, 403, "$name: the link alone does nothing");
    is(forge($name, field => { f => $foreign })->{status}, 403,
       "$name: the token of another payment's page does nothing");
    is(forge($name, field => { f => $token }, agent => 'another')->{status},
       403, "$name: the token of another browser does nothing");
    is(forge($name, field => { f => $token },
             headers => ['Origin: https://elsewhere.example'])->{status}, 403,
       "$name: a form of another site does nothing");
}

is($t->payment($pending->{id})->{status}, 'pending',
   'refused: the payment is pending');
is($t->value('select count(*) from carrierpay.block'), 0,
   'refused: nothing is blocked');
is($t->value("select count(*) from carrierpay.message where channel = 'm'"),
   0, 'refused: no mail is sent');
is($t->sms('33600000003'), 0, 'refused: no SMS is sent');

my $stopped = $t->submit($form{stop}[1], 'stop');

like($stopped->{body}, qr/Purchases are blocked/,
     'the form of the page itself blocks purchases');
