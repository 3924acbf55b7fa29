#!/usr/bin/perl

# Three databases, and payments whose line lies in another one than they do:
# what is refunded, captured in part, released or declined is given back to the
# line, where it was counted; a consent goes as far as its page said; and
# totals are of all databases together.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Carrierpay::Test;
use Carrierpay::Test::Cells qw(cells cell cell_do cell_of_line cell_sql
    holds_end lines_told shop spent);
use Test::More;

my $CELLS = 3;
my $t = Carrierpay::Test->start(sms => 1,
    operator => 'timeout 3s; settle 6s; time_zone Europe/Paris;'
                . ' limit month=90; refund_restores_limit on;',
    cells($CELLS));
my ($demo) = $t->value('select id from carrierpay.merchant');
my @shop = ([$demo, $t->{env}{CARRIERPAY_KEY}],
            map { [shop($t, $_)] } 1, 2);

# Numbers of a cell that have not paid, and the shop of another cell.

my %unused = map { my $cell = $_;
                   $cell => [grep { cell_of_line($_) == $cell }
                             33600000101 .. 33600000299] } 0 .. $CELLS - 1;

sub number { return shift(@{ $unused{$_[0]} }) }

sub shop_beside {
    my ($number) = @_;
    my $cell = (cell_of_line($number) + 1) % $CELLS;

    $t->{env}{CARRIERPAY_KEY} = $shop[$cell][1];

    return $cell;
}

sub act {
    my ($payment, $what, $body) = @_;

    return $t->api(POST => "/v1/payments/$payment->{id}/$what", $body // {});
}

sub status { return $t->payment($_[0]{id})->{status} }

# Refunds.

for my $cell (0 .. $CELLS - 1) {
    my $number = number($cell);

    shop_beside($number);

    my $paid = $t->pay($number);

    isnt(cell($paid), $cell, "refund: a line of cell $cell pays elsewhere");
    is(spent($number), 499, 'refund: the line has spent it');
    is(act($paid, 'refunds', { amount => 200 })->{json}{status}, 'succeeded',
       'refund: a part is paid back');
    lines_told($t, 'refund: the line is told');
    is(spent($number), 299, 'refund: the line may spend it again');
    act($paid, 'refunds');
    lines_told($t, 'refund: the rest, too');
    is(spent($number), 0, 'refund: all of it');
    holds_end($t);
    is(spent($number), 0, 'refund: and the end of its hold changes nothing');
}

# Chargebacks: an operator's file has payments of all databases.

my @taken = map { my $number = number($_);
                  shop_beside($number);
                  { payment => $t->pay($number), number => $number,
                    key => $t->{env}{CARRIERPAY_KEY} } } 0 .. $CELLS - 1;
my $report = join("\n", 'payment,amount,reason,reference,date',
    map { my $id = $_->{payment}{id}; "$id,100,fraud,CB-$id,2026-11-30" }
        @taken) . "\n";

like($t->admin_reads($report, qw(chargeback load demo_fr -)),
     qr/^demo_fr +3 +3 +0 +0$/m, 'chargeback: a file is loaded everywhere');
like($t->admin_reads($report, qw(chargeback load demo_fr -)),
     qr/^demo_fr +3 +0 +0 +3$/m, 'chargeback: once');
ok(!eval { $t->admin_reads("${report}pay_000000000000z,1,fraud,x,2026-11-30\n",
                           qw(chargeback load demo_fr -)); 1 },
   'chargeback: a payment of a database that there is not');

for my $taken (@taken) {
    $t->{env}{CARRIERPAY_KEY} = $taken->{key};
    is($t->payment($taken->{payment}{id})->{amount_charged_back}, 100,
       'chargeback: the payment tells');
    is(spent($taken->{number}), 499,
       'chargeback: the line may not spend it again');
}

# Two steps: captured in part, and released.

my $number = number(1);

shop_beside($number);

my @two = map { $t->pay($number, capture => 'manual') } 1, 2;

is($two[$_]{status}, 'authorized', 'two-step: reserved') for 0, 1;
is(spent($number), 998, 'two-step: the line has spent what is reserved');
is(act($two[0], 'capture', { amount => 300 })->{json}{status}, 'succeeded',
   'two-step: a part is captured');
lines_told($t);
is(spent($number), 799, 'two-step: the rest is given back');
act($two[1], 'cancel');
is(status($two[1]), 'canceled', 'two-step: released');
lines_told($t);
is(spent($number), 300, 'two-step: what was captured stays');

# Attempts: a declined line has spent nothing, one of another cell pays.

my $poor = '33600000002';
my $rich = number((cell_of_line($poor) + 2) % $CELLS);
my $home = shop_beside($poor);
my $order = $t->create();

$t->tap($t->checkout($order, msisdn => $poor));
is(status($order), 'pending', 'attempts: a declined payment waits');
lines_told($t);
is(spent($poor), 0, 'attempts: the line has spent nothing');
pay_by_pin($order, $poor, $rich);
is(status($order), 'succeeded', 'attempts: a line of another cell pays');
is(cell($order), $home, 'attempts: the payment is where it was');
is(spent($rich), 499, 'attempts: and that line has spent it');
holds_end($t);
is(spent($rich) + spent($poor), 499, 'attempts: once');

# The consent's scope.

$number = number(2);
shop_beside($number);

my $sub = $t->subscriber($number, 900);

holds_end($t);
lines_told($t);
is(charge($sub, 500), 'succeeded', 'scope: charged without a page');
is(charge($sub, 500), 'consent_exceeded', 'scope: and no further');
is(charge($sub, 400), 'succeeded', 'scope: up to what the page said');
is(charge($sub, 50), 'consent_exceeded', 'scope: not a cent over');
holds_end($t);
is(spent($number, 1), 900, 'scope: its cell has counted it');
is(spent($number), 499 + 900, 'scope: beside all that the line has spent');

$t->pay($number, $t->later(1000));
lines_told($t);
is(charge($sub, 100), 'succeeded', 'scope: another page allows more');
is($t->admin('subscriber', 'block', $sub), '1 of 1 changed',
   'scope: the line pays no more');
is(charge($sub, 50), 'blocked_by_subscriber', 'scope: it is not charged');
$t->admin('subscriber', 'unblock', $sub);
is(charge($sub, 50), 'consent_required',
   'scope: with the block ends what was agreed to');
$t->pay($number);
lines_told($t);
is(charge($sub, 50), 'consent_required',
   'scope: a payment that asks for nothing allows nothing');
$t->pay($number, $t->later(1140));
lines_told($t);
is(charge($sub, 50), 'succeeded', 'scope: one that asks does');
is(charge($sub, 100), 'consent_exceeded',
   'scope: what was charged in the month counts');

# A charge without a page that is declined gives back what it had counted.

my $barred = '33600000004';
my $there = shop_beside($barred);
my $known = $t->admin_reads("$barred,1000", qw(subscriber add demo_fr -),
                            $shop[$there][0]);

isnt(charge($known, 700), 'succeeded', 'a subscriber is declined');
lines_told($t);
holds_end($t);
is(spent($barred) + spent($barred, 1), 0, 'it has spent nothing');
isnt(charge($known, 700), 'consent_exceeded', 'so it may be asked again');
lines_told($t);

# The limit of a line is of all cells.

$number = number(0);

my $paid = 0;

for my $n (1 .. 4) {
    $t->{env}{CARRIERPAY_KEY} = $shop[$n % $CELLS][1];
    $paid += 2500
        if $t->pay($number, amount => 2500)->{status} eq 'succeeded';
}

is($paid, 7500, 'limit: three payments in three cells, and no more');
is(spent($number), 7500, 'limit: the line has spent them');
holds_end($t);
is(spent($number), 7500, 'limit: and not what was refused');

# Totals.

cell_do($_, 'insert into carrierpay.total_limit (scope, name, currency, live,'
            . " max_day, since) values ('o', 'demo_fr', 'EUR', false, 1400,"
            . ' carrierpay.now_ms())') for 0 .. $CELLS - 1;
$number = number(1);

my @in = map { $t->{env}{CARRIERPAY_KEY} = $_->[1];
               $t->pay($number)->{status} } @shop[0, 2];

is("@in", 'succeeded succeeded', 'total: two cells sell');
$t->wait_ok(sub { total($_) == 998 }, "total: cell $_ learns of it")
    for 0 .. $CELLS - 1;
$t->{env}{CARRIERPAY_KEY} = $shop[0][1];
$order = $t->create();
like($t->tap($t->checkout($order, msisdn => $number))->{body},
     qr/So much was bought/, 'total: a payment would pass it');
is($t->pay($number, amount => 400)->{status}, 'succeeded',
   'total: one that is small enough would not');
holds_end($t);
is(spent($number), 2 * 499 + 400,
   'total: what was refused is given back to the line');


# Another line than the one that was recognised, by its number and a PIN.

sub pay_by_pin {
    my ($payment, $seen, $number) = @_;
    my ($other) = $t->checkout($payment, msisdn => $seen)->{body}
        =~ /href="(\S+\?n=other)"/;
    my $page = $t->get($t->url('tls', $other));

    $page = $t->follow($t->submit($page, 'number',
        { country => 'FR', number => "+$number" }));
    $t->follow($t->submit($page, 'pin',
        { pin => $t->wait_for_pin($number) }));
}

sub charge {
    my ($subscriber, $amount) = @_;
    my $answer = $t->charge_known($subscriber, amount => $amount)->{json};

    return $answer->{failure}{code} // $answer->{code} // $answer->{status};
}

sub total {
    return (cell_sql($_[0], "select coalesce(sum(total), 0)"
        . " from carrierpay.total where scope = 'o' and not monthly"))[0][0];
}
