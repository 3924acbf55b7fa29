#!/usr/bin/perl

# In test mode a developer pays with any number, so that nothing which comes of
# it stops or spends anything of the real line.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Test::More;

my $t = Carrierpay::Test->start(sms => 1, http => <<'END');
    carrierpay_sms_limit zone=number key=number rate=1r/d burst=2;

    carrierpay_operator real_fr {
        country   FR;
        currency  EUR;
        mccmnc    20801;
        network   127.0.0.4/32;
        header    X-MSISDN;
        numbering 33 len=9 prefix=61 trunk=0;
        dialect   sandbox;
        pass      /egress/sandbox;
        sms       sandbox;
        sms_from  38888;
        language  en;
    }
END

$t->admin(qw(operator add real_fr Real FR EUR));
$t->admin(qw(contract add 1 real_fr --share=3000 --fee=500));

my $live = $t->admin(qw(key add 1 --live));

sub live_payment {
    return $t->api(POST => '/v1/payments', $t->order(locale => 'en'),
                   key => $live)->{json};
}

# A live shopper types a number, and asks for a PIN.

sub ask {
    my ($number, $from) = @_;

    return $t->submit($t->unknown(live_payment(), from => $from), 'number',
                      { country => 'FR', number => "+$number" });
}

sub eligible {
    my ($number, $key) = @_;
    my $answer = $t->api(POST => '/v1/eligibility',
        { msisdn => "+$number", amount => 499, currency => 'EUR' },
        idempotency => undef, $key ? (key => $key) : ());

    return $answer->{json}{reason} // 'yes';
}

# SMS: two a day to a number.

my $number = '33610000077';

for my $n (1 .. 3) {
    my $payment = $t->create(locale => 'en');

    $t->checkout($payment, msisdn => "3361000010$n");
    $t->checkout($payment, msisdn => $number);
}

is(ask($number, '127.0.77.1')->{status}, 200,
   'SMS of test payments are not those of the line');

# Codes: fifteen for an address.

for (1 .. 3) {
    my $page = $t->unknown($t->create(), from => '127.0.78.1');

    $t->submit($page, 'mo') for 1 .. 5;
}

is($t->submit($t->unknown(live_payment(), from => '127.0.78.1'),
              'mo')->{status}, 303,
   'codes of test payments are not those of the address');

# STOP, by the link of a receipt and by a subscriber's id.

my $payment = $t->create();

$t->tap($t->checkout($payment, msisdn => '33610000012'));

my ($token) = $payment->{next_action}{url} =~ /(cs_.*)/;
my $stop = $t->get($t->url('tls', "/pay/$token/stop"));

is($t->submit($stop, 'stop')->{status}, 200, 'a test payment is stopped');
is(eligible('33610000012', $live), 'yes', 'which stops no live payment');
is($t->value('select bool_or(live) from carrierpay.block'), 0,
   'the block is one of test mode');
