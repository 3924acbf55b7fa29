#!/usr/bin/perl

# Three databases, and what is counted on a line of another one when a worker
# dies, a database goes away or a merchant is moved in the middle: in the end
# the line has spent what it was charged.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Carrierpay::Test;
use Carrierpay::Test::Cells qw(cells cell cell_do cell_of_line cell_sql
    holds_end lines_told shop spent start_cell stop_cell);
use Carrierpay::Test::Crash qw(crash_at settled);
use Test::More;

my $CELLS = 3;
my $t = Carrierpay::Test->start(operator => 'timeout 3s; settle 6s;',
                                cells($CELLS));
my ($demo) = $t->value('select id from carrierpay.merchant');
my (undef, $key) = shop($t, 1);
my (undef, $other) = shop($t, 0);
my @lines = grep { cell_of_line($_) == 2 } 33600000201 .. 33600000299;
my @declined = ('33600000003', '33600000004');
my $of_demo = $t->{env}{CARRIERPAY_KEY};

# A worker dies when the line has counted, and the payment has not begun.

my $number = shift(@lines);
my $payment = interrupt('confirm.reserve:after', $of_demo, $number);

is($t->payment($payment->{id})->{status}, 'pending',
   'not begun: the payment waits');
is(spent($number), 499, 'not begun: the line has counted it');
holds_end($t, 'not begun: the hold ends');
is(spent($number), 0, 'not begun: and is given back');
$t->tap($t->checkout($payment, msisdn => $number));
is($t->payment($payment->{id})->{status}, 'succeeded',
   'not begun: it is paid after all');
is(spent($number), 499, 'not begun: and counted once');

# Or when it has begun: the operator knows of no charge, so the attempt was
# declined.  The database of the line is away then.

$number = shift(@lines);
$payment = interrupt('confirm.begin:after', $of_demo, $number);
stop_cell(2);
settled($t, 'begun', $payment->{id});
is((cell_sql(0, 'select count(*) from carrierpay.line_due where kind = ?',
             'r'))[0][0], 1, 'begun: it is owed to a line that is away');
start_cell(2);
lines_told($t, 'begun: when the database is back the line is told');
is(spent($number), 0, 'begun: it has spent nothing');
holds_end($t, 'begun: its hold ends');
is(spent($number), 0, 'begun: which changes nothing');

# Or when it was charged, and the merchant is moved meanwhile.

$number = shift(@lines);
$payment = interrupt('confirm.operator:after', $of_demo, $number);
$t->admin('merchant', 'move', $demo, '--cell=1');
ok($t->reload(), 'moved: workers that know');
settled($t, 'moved', $payment->{id});
is($t->payment($payment->{id})->{status}, 'succeeded',
   'moved: the payment is finished where it is');
is(cell($t->create()), 1, 'moved: a new one is made in the new home');
holds_end($t);
is(spent($number), 499, 'moved: the line has spent it');

# A worker dies when the line was told of a decline, and that is still owed; or
# while the hold of an attempt that did not begin ends.

for my $point ('line_due.settle:before', 'line_due.settle:after') {
    $number = shift(@declined);
    interrupt($point, cell_of_line($number) == 0 ? $key : $other, $number);
    lines_told($t, "$point: the line is told");
    holds_end($t, "$point: and the hold ends");
    is(spent($number), 0, "$point: it is taken back, once");
}

for my $point ('line_hold.ask:after', 'line_hold.end:before',
               'line_hold.end:after')
{
    $number = shift(@lines);
    interrupt('confirm.reserve:after', $other, $number);
    is(spent($number), 499, "$point: the line holds an amount");
    crash_at($t, $point, sub {
        cell_do(2, 'update carrierpay.line_hold set due_at = 0');
    });
    holds_end($t, "$point: the hold ends");
    is(spent($number), 0, "$point: it is taken back, once");
}

# A charge without a page, too.

$number = shift(@lines);
$t->{env}{CARRIERPAY_KEY} = $key;

my $sub = $t->subscriber($number);

lines_told($t);
crash_at($t, 'charge.reserve:after', sub {
    $t->charge_known($sub, idempotency => 'died');
});
is(spent($number), 2 * 499, 'without a page: the line has counted it');
is($t->charge_known($sub, idempotency => 'died')->{json}{status}, 'succeeded',
   'without a page: the key is used again');
holds_end($t);
is(spent($number), 2 * 499, 'without a page: and counted once');

# The database of the payment is away while the line holds an amount for it.
# The hold stays, others go on, and it ends by itself.

$number = shift(@lines);
$payment = interrupt('confirm.reserve:after', $key, $number);
is(cell($payment), 1, 'away: a payment of the second database');
stop_cell(1);
cell_do(2, 'update carrierpay.line_hold set due_at = 0');

$t->{env}{CARRIERPAY_KEY} = $other;
is($t->pay(shift(@lines))->{status}, 'succeeded', 'away: others are paid');
is(spent($number), 499, 'away: the line holds what was counted');
start_cell(1);
$t->wait_ok(sub { spent($number) == 0 }, 'back: it is given back');

# The database of a line is away: it is not charged, and nothing is left.

$t->{env}{CARRIERPAY_KEY} = $of_demo;
$number = shift(@lines);
$payment = $t->create();

my $page = $t->checkout($payment, msisdn => $number);

stop_cell(2);
is($t->tap($page)->{status}, 503, 'no line: it is not charged');
is($t->payment($payment->{id})->{status}, 'pending',
   'no line: the payment waits');
start_cell(2);
$t->wait_ok(sub { $t->get($t->url('tls', '/healthz'))->{json}{status}
                  eq 'ok' }, 'no line: it is back');
$t->tap($t->checkout($payment, msisdn => $number));
is($t->payment($payment->{id})->{status}, 'succeeded', 'no line: it pays');


sub interrupt {
    my ($point, $merchant, $line) = @_;

    $t->{env}{CARRIERPAY_KEY} = $merchant;

    my $order = $t->create();

    crash_at($t, $point, sub {
        $t->tap($t->checkout($order, msisdn => $line));
    });

    return $order;
}
