#!/usr/bin/perl

# Chargebacks: by hand and by a file; the payment and the webhooks tell of
# them; a file with a mistake loads nothing, and one that was loaded changes
# nothing.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Services qw(root write_file);
use JSON::PP ();
use Test::More;

my $t = Carrierpay::Test->start();
my $dsn = "host=$t->{root}/postgres dbname=carrierpay user=postgres";

# What the tool prints, errors included, and whether it has failed.

sub run {
    my (@arguments) = @_;

    open(my $pipe, '-|', 'sh', '-c', 'exec "$0" "$@" 2>&1',
         root() . '/conf/carrierpay-admin', "--dsn=$dsn", @arguments)
        or die "carrierpay-admin: $!\n";

    my $output = do { local $/; <$pipe> };

    return ($output, close($pipe) ? 0 : 1);
}

sub json { return JSON::PP::decode_json($t->admin('--json', @_)) }

sub refused {
    my ($why, @arguments) = @_;
    my ($said, $failed) = run(@arguments);

    ok($failed, "refused: @arguments[0, 1]");
    like($said, $why, 'with the reason');
}

# The day that was so many days ago.

sub day {
    my ($day, $month, $year) = (gmtime(time() - 86400 * $_[0]))[3 .. 5];

    return sprintf('%d-%02d-%02d', $year + 1900, $month + 1, $day);
}

# The events of a payment, by the webhooks that came: type => body.

sub events {
    my ($payment) = @_;

    return map { $_->{json}{type} => $_->{json} } $t->webhooks($payment->{id});
}

# Terms: the merchant bears what is not paid, and pays 1.50 each time; we bear
# the rest.

my $today = day(0);
my ($contract) = grep { $_->{operator} eq 'demo_fr' }
                      @{json(qw(contract list 1))};

$t->admin('contract', 'end', $contract->{id}, "--to=$today");
$t->admin(qw(contract add 1 demo_fr --share=3000 --fee=500 --fee-fixed=5
             --chargeback-fee=150 --chargeback-bearer=platform),
          "--from=$today");
is_deeply([map { [@$_{qw(chargeback_bearer non_payment_bearer
                         chargeback_fee)}] }
               grep { $_->{operator} eq 'demo_fr' }
               @{json(qw(contract list 1))}],
          [['merchant', 'merchant', 0], ['platform', 'merchant', 150]],
          'the contracts say who bears what is taken back');
refused(qr/--chargeback-bearer is none of merchant, operator, platform/,
        qw(contract add 1 demo_cm --share=1 --fee=1
           --chargeback-bearer=shopper));

# By hand.

my $payment = $t->pay('33600000001');

is_deeply(json('chargeback', 'add', $payment->{id}, '--amount=100',
               '--reason=fraud', '--reference=CB-1'),
          [{ payment => $payment->{id}, number => 2, amount => 100,
             result => 'charged_back' }], 'a part is charged back');

my $after = $t->payment($payment->{id});

is_deeply([@$after{qw(status amount_captured amount_refunded
                      amount_charged_back)}], ['succeeded', 499, 0, 100],
          'the payment tells; it stays succeeded');
$t->wait_ok(sub { my %e = events($payment); $e{'payment.charged_back'} },
            'the merchant is told');

my %event = events($payment);
my $told = $event{'payment.charged_back'};

is_deeply($told->{chargeback},
          { object => 'chargeback', number => 2, payment => $payment->{id},
            status => 'charged_back', amount => 100, currency => 'EUR',
            reason => 'fraud', bearer => 'platform', fee => 0 },
          'the webhook has the chargeback');
ok(!exists $told->{refund}, 'and no refund');
is($told->{data}{amount_charged_back}, 100, 'and the payment');
is($told->{sequence}, 3, 'it follows the events of the payment');
is($event{'payment.succeeded'}{data}{amount_charged_back}, 0,
   'the event of before has the payment as it was');
ok(!exists $event{'payment.succeeded'}{chargeback}, 'and no chargeback');
is($t->api(POST => "/v1/payments/$payment->{id}/refunds",
           { amount => 400 })->{json}{code}, 'amount_too_large',
   'what was charged back cannot be refunded');
is(json('payment', 'show', $payment->{id})->[0]{amount_charged_back}, 100,
   'a payment that is shown tells, too');

is($t->admin('chargeback', 'reverse', $payment->{id}, 2), '',
   'the operator gives it back');
$t->wait_ok(sub { my %e = events($payment); $e{'chargeback.reversed'} },
            'the merchant is told of that');
%event = events($payment);
is_deeply([@{$event{'chargeback.reversed'}{chargeback}}{qw(number status
                                                           amount)}],
          [2, 'reversed', 100], 'which chargeback it was');
is($t->payment($payment->{id})->{amount_charged_back}, 0,
   'nothing is charged back any more');
refused(qr/it was taken back before/, 'chargeback', 'reverse',
        $payment->{id}, 2);
refused(qr/no chargeback 3 of "pay_/, 'chargeback', 'reverse',
        $payment->{id}, 3);

# What cannot be.

my $failed = $t->charge_known($t->admin_reads('33600000002,5000',
    qw(subscriber add demo_fr - 1)))->{json};

refused(qr/no payment "pay_0000000000000"/, 'chargeback', 'add',
        'pay_0000000000000');
refused(qr/the payment has not succeeded/, 'chargeback', 'add',
        $failed->{id});
refused(qr/more than is left of the payment: 499/, 'chargeback', 'add',
        $payment->{id}, '--amount=500');
refused(qr/--amount is no amount/, 'chargeback', 'add', $payment->{id},
        '--amount=0');
refused(qr/--reason is none of chargeback, error, fraud, non_payment/,
        'chargeback', 'add', $payment->{id}, '--reason=anger');
refused(qr/--reference: longer than 100 bytes/, 'chargeback', 'add',
        $payment->{id}, '--reference=' . 'x' x 101);
refused(qr/reported with another payment, amount or reason/, 'chargeback',
        'add', $payment->{id}, '--amount=99', '--reference=CB-1');

# By a file.

my @paid = map { $t->pay('33600000001') } 1 .. 3;
my $header = "payment,amount,reason,reference,date\n";
my $good = "$paid[0]{id},499,chargeback,CB-10,2026-11-30\n"
    . "$paid[1]{id},200,non_payment,\"CB,11\",2026-11-30\n";

sub load {
    my ($text, @arguments) = @_;

    write_file("$t->{root}/report.csv", $text);

    return ('chargeback', 'load', @arguments ? @arguments : 'demo_fr',
            "$t->{root}/report.csv");
}

sub recorded {
    return $t->value('select count(*) from carrierpay.chargeback');
}

my $before = recorded();

for my $case (
    ['no header', '', qr/line 1: no header/],
    ['a header without a column', "payment,amount,reason,reference\n",
     qr/line 1: no column "date"/],
    ['a column twice', "amount,$header", qr/line 1: two columns "amount"/],
    ['a payment that is none', "${header}order-1,1,fraud,x,2026-01-01\n",
     qr/line 2, column "payment": not pay_\.\.\./],
    ['an unknown payment', "$header${good}pay_0000000000000,1,fraud,x,"
     . "2026-01-01\n", qr/line 4, column "payment": there is no such payment/],
    ['another attempt', "$header$paid[2]{id}-2,1,fraud,x,2026-01-01\n",
     qr/line 2, column "payment": not the attempt by which/],
    ['a payment that has failed', "$header$failed->{id},1,fraud,x,"
     . "2026-01-01\n", qr/line 2, column "payment": the payment has not/],
    ['an amount with decimals', "$header$good$paid[2]{id},1.50,fraud,x,"
     . "2026-01-01\n", qr/line 4, column "amount": no amount in minor units/],
    ['too much', "$header$good$paid[2]{id},500,fraud,x,2026-01-01\n",
     qr/line 4, column "amount": more than is left/],
    ['too much in two lines', "$header$good$paid[2]{id},300,fraud,x,"
     . "2026-01-01\n$paid[2]{id},300,fraud,y,2026-01-01\n",
     qr/line 5, column "amount": more than is left/],
    ['another reason', "$header$paid[2]{id},1,anger,x,2026-01-01\n",
     qr/line 2, column "reason": none of chargeback, error, fraud, /],
    ['no reference', "$header$paid[2]{id},1,fraud,,2026-01-01\n",
     qr/line 2, column "reference": empty/],
    ['a reference of another payment', "$header$paid[2]{id},100,fraud,CB-1,"
     . "2026-01-01\n", qr/line 2, column "reference": it was reported with/],
    ['a day that is none', "$header$paid[2]{id},1,fraud,x,2026-02-30\n",
     qr/line 2, column "date": there is no such day/],
    ['another currency', 'currency,' . $header
     . "XAF,$paid[2]{id},1,fraud,x,2026-01-01\n",
     qr/line 2, column "currency": the payment has another currency/],
    ['a value that is missing', "$header$paid[2]{id},1,fraud,x\n",
     qr/line 2: not as many values/],
) {
    my ($what, $text, $why) = @$case;

    refused(qr/$why.*: nothing was loaded$/, load($text));
    is(recorded(), $before, "$what: nothing is loaded");
}

refused(qr/a payment of another operator/, load("$header$good", 'demo_cm'));
refused(qr/no operator "demo_xx"/, load("$header$good", 'demo_xx'));

is_deeply(json(load("$header$good")),
          [{ operator => 'demo_fr', rows => 2, charged_back => 2, held => 0,
             already => 0 }], 'a file is loaded');
is_deeply(json(load("\xef\xbb\xbf$header$good")),
          [{ operator => 'demo_fr', rows => 2, charged_back => 0, held => 0,
             already => 2 }], 'once');
is($t->admin_reads("$header$good", qw(chargeback load demo_fr -))
       =~ /^demo_fr +2 +0 +0 +2$/m, 1, 'nor from standard input');
is_deeply([map { $t->payment($_->{id})->{amount_charged_back} } @paid],
          [499, 200, 0], 'the payments tell');
is_deeply([map { [@$_{qw(payment amount reason bearer fee state reference
                         day)}] }
               @{json(qw(chargeback list --operator=demo_fr
                         --state=charged_back))}],
          [[$paid[1]{id}, 200, 'non_payment', 'merchant', 150, 'charged_back',
            'CB,11', '2026-11-30'],
           [$paid[0]{id}, 499, 'chargeback', 'platform', 0, 'charged_back',
            'CB-10', '2026-11-30']], 'they are listed, the newest first');
is_deeply([map { $_->{state} } @{json('chargeback', 'list',
                                      "--payment=$payment->{id}")}],
          ['reversed'], 'those of a payment');
refused(qr/"lost" is not a state: held, charged_back, reversed/,
        qw(chargeback list --state=lost));

# The books are right, also when all of that is settled, as though it had been
# two days ago.

sub check {
    my ($what) = @_;

    like($t->admin(qw(journal check),
                   "--operator-log=$t->{root}/sandbox.log"),
         qr/no difference$/, $what);
}

check('the journal is right');
$t->sql(q{
    do $$
    begin
        set local search_path = carrierpay;
        alter table journal disable trigger journal_refuse;
        alter table posting disable trigger posting_refuse;
        update journal set at = at - 2 * 86400000;
        update posting set at = at - 2 * 86400000;
        alter table journal enable always trigger journal_refuse;
        alter table posting enable always trigger posting_refuse;
        delete from balance_day;
        delete from turnover;
        update balance_mark set until = 0, next = null, horizon = null;
    end
    $$});
$t->admin(qw(terms add --merchant=1 --currency=EUR --period=day --zone=UTC
             --test), '--from=' . day(2));
$t->admin(qw(terms add --operator=demo_fr --period=day --zone=UTC),
          '--from=' . day(2));
$t->wait_ok(sub {
    $t->admin(qw(settlement close));
    $t->value('select count(*) from carrierpay.settlement_line l'
              . " where l.kind in ('b', 'w', 'g')") >= 5;
}, 'the chargebacks are lines of statements');
check('and the statements are right');
