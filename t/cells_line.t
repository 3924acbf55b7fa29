#!/usr/bin/perl

# Three databases, and what is counted by the number: wrong PINs, and STOP,
# whichever database the payment lies in.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Cells qw(cells cell cell_of_line cell_sql cell_total
    shop);
use Test::More;

my $CELLS = 3;
my $t = Carrierpay::Test->start(sms => 1, cells($CELLS));
my ($demo) = $t->value('select id from carrierpay.merchant');
my ($number) = grep { cell_of_line($_) == 1 } 33600000041 .. 33600000060;
my $pins = 0;

# Another merchant, whose payments lie in the third database.

my ($other, $key) = shop($t, 2);
my %key = (0 => $t->{env}{CARRIERPAY_KEY}, 2 => $key);

# A PIN is sent, and pays.

for my $cell (sort keys(%key)) {
    my $payment = create($cell);

    is(cell($payment), $cell, "cell $cell: a payment");
    is(pin($cell, $payment)->{status}, 200, "cell $cell: a PIN is sent");

    my $pin = $t->wait_for_pin($number, ++$pins);

    is(confirm($cell, $payment, $pin)->{json}{status}, 'succeeded',
       "cell $cell: it pays");
}

is(cell_total('count(*)', 'pin_failure'), 0, 'right PINs do not count');

# Wrong ones count together.

my $guess;

for my $cell (sort keys(%key)) {
    my $payment = create($cell);

    pin($cell, $payment);

    my $pin = $t->wait_for_pin($number, ++$pins);

    $guess = confirm($cell, $payment,
                     sprintf('%06d', ($pin + $_) % 1e6)) for 1 .. 5;
}

is($guess->{json}{code}, 'pin_locked', 'the tenth wrong PIN locks the number');
is((cell_sql(1, 'select count(*) from carrierpay.pin_failure'))[0][0], 10,
   'they are counted where the line is');
is(pin($_, create($_))->{json}{code}, 'pin_locked',
   "cell $_: no more is sent to it") for sort keys(%key);

# STOP is for the merchant that wrote last, wherever its messages lie.  Both
# have written to the first number.

my ($phone) = grep { cell_of_line($_) == 1 && $_ != $number }
                   33600000041 .. 33600000060;
my %page;

for my $cell (0, 2) {
    local $t->{env}{CARRIERPAY_KEY} = $key{$cell};
    is($t->pay($phone)->{status}, 'succeeded', "cell $cell: the phone pays");
    $t->wait_for_sms($phone, $cell ? 2 : 1);
    $t->wait_ok(sub { cell_total('count(*)', 'line_due') == 0
                      && cell_total('count(*)', 'last_sender')
                         == ($cell ? 4 : 3) },
                "cell $cell: its line knows the merchant that wrote");
}

is($t->mo($phone, 'STOP')->{status}, 200, 'the phone says STOP');
is_deeply([cell_sql(1, 'select merchant_id from carrierpay.block')],
          [[$other]], 'it blocks the merchant that wrote last');

for my $cell (0, 2) {
    local $t->{env}{CARRIERPAY_KEY} = $key{$cell};

    is($t->pay($phone)->{status}, $cell == 2 ? 'pending' : 'succeeded',
       "cell $cell: after STOP");
}


sub create {
    my ($cell) = @_;

    local $t->{env}{CARRIERPAY_KEY} = $key{$cell};

    return $t->create(locale => 'en');
}

sub pin {
    my ($cell, $payment) = @_;

    return $t->api(POST => "/v1/payments/$payment->{id}/pin",
                   { msisdn => "+$number" }, key => $key{$cell});
}

sub confirm {
    my ($cell, $payment, $pin) = @_;

    return $t->api(POST => "/v1/payments/$payment->{id}/confirm",
                   { pin => $pin }, key => $key{$cell});
}
