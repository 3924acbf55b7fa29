#!/usr/bin/perl

# Another program holds a payment: a report, or a transaction that
# was left open. Its neighbours go on at once, and it goes on when it is free.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Test::More;
use Time::HiRes qw(sleep);

my $t = Carrierpay::Test->start(operator => 'timeout 15s; settle 20s;',
                                sandbox => 'delay=4s');
my $known = $t->subscriber('33600000001');
my $slow = $t->subscriber('33600000005');

# A session that holds a payment until it is let go.

sub hold {
    my ($id) = @_;
    my $dbh = $t->dbh();

    $dbh->begin_work();
    $dbh->do('select 1 from carrierpay.payment where id = ? for update',
             undef, Carrierpay::Test::private_id($id));

    return $dbh;
}

# A charge is held while its operator answers, which takes four seconds.

my $first = $t->charge_known_send($slow, reference => 'held');
my $held;

$t->wait_for(sub {
    ($held) = map { Carrierpay::Test::public_id('pay_', $_->[0]) }
        $t->sql('select id from carrierpay.payment where reference = ?',
                'held');
}, 'the charge has begun');

my $holder = hold($held);
my @sent = map { $t->charge_known_send($known, reference => "other-$_") }
           1 .. 7;
my @answers = map { $t->receive($_) } @sent;

is(join(' ', map { $_->{json}{status} // $_->{status} } @answers),
   join(' ', ('succeeded') x 7), 'its neighbours succeed');

my ($state) = $t->sql('select state from carrierpay.payment where id = ?',
                      Carrierpay::Test::private_id($held));

is($state->[0], 'r', 'the payment that is held waits');
$t->wait_ok(sub { $t->metric('carrierpay_ledger_busy_total') > 0 },
            'that is counted');
$holder->rollback();
$holder->disconnect();
is($t->receive($first)->{json}{status}, 'succeeded',
   'and has its outcome when it is free');
is($t->metric('carrierpay_ledger_retries_total'), 0,
   'no batch was written twice');

# A tap on a payment that is held.

my $payment = $t->create();
my $page = $t->checkout($payment);

$holder = hold($payment->{id});

my $tap = $t->tap_send($page);

sleep(0.5);
$holder->rollback();
$holder->disconnect();
like($t->follow($t->receive($tap))->{body}, qr/data-state="succeeded"/,
     'a tap waits for a moment');
is($t->charged($payment->{id}), 1, 'and charges once');
