#!/usr/bin/perl

# What all lines together may spend: with a merchant, at an operator and in a
# country. Two workers pass a total by at most a batch each. SPENDS says how
# many charges are tried.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Services qw(write_file);
use Test::More;

my $spends = $ENV{SPENDS} // 300;
my $at_once = 16;                       # so a batch has no more
my $amount = 100;
my $most = 50 * $amount;

my $t = Carrierpay::Test->start(
    operator => 'time_zone Europe/Paris; total_limit month=1000;'
                . ' country_limit day=2000;');
my @known = map { $t->admin_reads("336000103$_,100000",
                                  qw(subscriber add demo_fr - 1)) }
            20 .. 39;

$t->wait_ok(sub { percent('operator', 'month') eq '0'
                  && percent('country', 'day') eq '0' },
            'workers bring the totals of their configuration');

# Of a merchant, by two workers.

is($t->admin(qw(total set), 'Demo shop', 'EUR', "--day=$most", '--test'), '',
   'a merchant has a total');

my (%answers, @sent);

for my $n (1 .. $spends) {
    push(@sent, $t->charge_known_send($known[$n % @known],
                                      amount => $amount));
    answer(shift(@sent)) if @sent >= $at_once;
}

answer($_) for @sent;
diag("$spends charges: ", join(', ', map { "$answers{$_} $_" }
                                         sort(keys(%answers))));

is_deeply([sort(keys(%answers))], [qw(limit_total succeeded)],
          'each charge succeeds or would go over the total');

my $sold = $answers{succeeded} * $amount;

cmp_ok($sold, '>=', $most, 'no charge is refused that would have fitted');
cmp_ok($sold, '<=', $most + 2 * ($at_once - 1) * $amount,
       'the total is passed by at most a batch for each worker');
is(total('merchant', 'day'), $sold, 'what was charged is what counts');
is($t->value("select sum(total) from carrierpay.total where scope = 'o'"
             . ' and monthly'), $sold, 'also at the operator');
cmp_ok($t->value('select count(distinct session) from carrierpay.total'), '>',
       1, 'each worker has a part of its own');

# It is refused like a limit of the line, before the operator is called.

my $over = $t->charge_known($known[0], amount => $amount)->{json};

is($over->{failure}{code}, 'limit_total', 'one charge more fails');
is($t->charged($over->{id}), 0, 'its operator was not called');

my $order = $t->create(amount => $amount, locale => 'en');

like($t->tap($t->checkout($order, msisdn => '33600000341'))->{body},
     qr/So much was bought with this shop, or at your operator/,
     'a page says it');
is($t->payment($order->{id})->{status}, 'pending', 'and the payment waits');
like($t->tap($t->checkout($t->create(amount => $amount, locale => 'fr'),
                          msisdn => '33600000341'))->{body},
     qr/ont atteint leur\s+plafond/, 'a page says it in French');

# What comes near is told.

my %near = map { $_ => qr/^carrierpay_totals\{reached="$_"\} 1$/m } 80, 100;

$t->wait_ok(sub {
    my $page = $t->get($t->url('tls', '/metrics'))->{body};

    return !grep { $page !~ $near{$_} } keys(%near);
}, 'a metric tells that it is reached', 90);
like($t->admin(qw(total list)),
     qr/^merchant\s+1\s+EUR\s+test\s+day\s+$sold\s+$most\s+1\d\d\s+hand$/m,
     'the list shows how far it has come');

# What fails is taken back.

$t->admin(qw(total set), 'Demo shop', 'EUR', '--day=' . ($sold + $amount),
          '--test');

my $poor = $t->admin_reads('33600000002,10000',
                           qw(subscriber add demo_fr - 1));

is($t->charge_known($poor, amount => $amount)->{json}{failure}{code},
   'insufficient_funds', 'a charge that the operator declines') for 1 .. 3;
is(total('merchant', 'day'), $sold, 'counts in no total');
is($t->charge_known($known[0], amount => $amount)->{json}{status},
   'succeeded', 'so another fits');

# Without the merchant's, that of the operator holds, and that of the country.

$t->admin(qw(total set), 'Demo shop', 'EUR', '--test');
$t->{option}{operator} = 'time_zone Europe/Paris; total_limit month=60;';
write_file("$t->{dir}/nginx.conf", $t->configuration());
$t->reload();
$t->wait_ok(sub { percent('operator', 'month') > 80 },
            'a lower total of the operator');
is($t->charge_known($known[0], amount => 4000)->{json}{failure}{code},
   'limit_total', 'a charge over it');
is($t->charge_known($known[0], amount => 50)->{json}{status}, 'succeeded',
   'and one within it');

sub answer {
    my $answer = $t->receive($_[0])->{json};

    $answers{$answer->{failure}{code} // $answer->{status}}++;
}

sub total {
    my ($scope, $period) = @_;

    return $t->value('select sold from carrierpay.total_state()'
                     . ' where scope = ? and period = ?', $scope, $period);
}

sub percent {
    my ($scope, $period) = @_;

    return $t->value('select max(sold * 100 / most)'
                     . ' from carrierpay.total_state()'
                     . ' where scope = ? and period = ?', $scope, $period)
           // 'none';
}
