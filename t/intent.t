#!/usr/bin/perl

# A charge rests on an intent that is written. A ledger that says so of a
# payment that it has not begun, or of another one, is not believed: nothing
# is charged, and operations are told.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Test::More;

my $t = Carrierpay::Test->start(operator => 'timeout 2s; settle 5s;');

my $paid = $t->pay('33600000001', $t->later());
my $known = $paid->{subscriber};

is($t->charged($paid->{id}), 1, 'a true ledger: the payment is charged');

# A function of the database, with one of its lines changed.

sub lie {
    my ($function, $line, $other) = @_;
    my $text = $t->value('select pg_get_functiondef(oid) from pg_proc'
        . " where pronamespace = 'carrierpay'::regnamespace"
        . ' and proname = ?', $function);

    $text =~ s/\Q$line\E/$other/ or die "$function: no line \"$line\"\n";
    $t->sql($text);
}

$t->expect(qr/the ledger begins payment "pay_\w+" by an intent that is not/);

# It says that it has begun, and has written nothing.

lie('payment_begin', q{if 'begin' = any (v_result) then}, 'if false then');
lie('payment_begin', q{case when v.attempt = p_attempt[i] then},
    'case when true then');

my $payment = $t->create();
my $answer = $t->tap($t->checkout($payment));

is($answer->{status}, 503, 'no intent: the tap is an error');
is($t->charged($payment->{id}), 0, 'no intent: nothing is charged');
is($t->payment($payment->{id})->{status}, 'pending',
   'no intent: the payment waits on');

# It has written the intent of another attempt.

lie('payment_begin', 'if false then', q{if 'begin' = any (v_result) then});
lie('payment_begin', q{set state = 'r', attempt = p_attempt[o.i],},
    q{set state = 'r', attempt = p_attempt[o.i] + 1,});

$payment = $t->create();
$answer = $t->tap($t->checkout($payment));

is($answer->{status}, 503, 'another intent: the tap is an error');
is($t->charged($payment->{id}), 0, 'another intent: nothing is charged');

# A charge server to server, which is another payment's.

lie('payment_create', 'v_result[i], p_id[i], v_operator[i]',
    'v_result[i], p_id[i] + 1, v_operator[i]');

$answer = $t->charge_known($known);

is($answer->{status}, 503, 'another payment: the charge is an error');
is($t->value('select count(*) from carrierpay.payment'
             . " where state = 'r' and attempt = id"), 1,
   'another payment: its own intent is left to recovery');
is(scalar(() = $t->error_log() =~ /\[alert\]/g), 3, 'each is an alert');

$t->wait_ok(sub { $t->due_now(); return $t->unfinished() == 0 },
            'recovery ends what was begun');
is($t->value('select count(*) from carrierpay.journal'), 1,
   'one payment was charged, and one is posted');
