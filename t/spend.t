#!/usr/bin/perl

# What lines may spend: limits of the configuration, of a merchant and of a
# subscriber; on the page, server to server, across a reload, two workers and
# two nodes. SPENDS says how many charges are tried (make spend: a hundred
# thousand).

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Services qw(reserve_ports write_file);
use Test::More;

my $spends = $ENV{SPENDS} // 600;
my $lines = 8;
my $at_once = 256;
my ($fewest, $most) = (50, 5000);       # of one charge
my $limit = int($spends * $most / 4 / $lines / 100);    # in euros, a line

my ($lock, $plain2, $tls2) = reserve_ports(2);
my $t = Carrierpay::Test->start(
    operator => 'time_zone Europe/Paris; limit month=20;');

# A line that has consented elsewhere, and paid nothing yet.

sub known {
    return $t->admin_reads("$_[0],100000", qw(subscriber add demo_fr - 1));
}

sub configure {
    write_file("$t->{dir}/nginx.conf", $t->configuration());
}

# A page: the payment waits for another line.

sub status { return $t->payment($_[0]{id})->{status} }

my $first = $t->create(amount => 1500);
my $second = $t->create(amount => 600);

like($t->tap($t->checkout($first, msisdn => '33600000111'))->{body},
     qr/data-state="succeeded"/, 'a payment within the limit is charged');

my $refused = $t->checkout($second, msisdn => '33600000111');

like($refused->{body}, qr/more than it may in a month.*first of next month/s,
     'a page says which limit is reached, and until when');
unlike($refused->{body}, qr/name="t"/, 'it does not offer to pay');
like($refused->{body}, qr/class="price">.*6\.00/, 'and says which price');

my $french = $t->create(amount => 600, locale => 'fr');

like($t->checkout($french, msisdn => '33600000111')->{body},
     qr/plafond de d\S+penses du mois.*premier du mois/s,
     'a page says it in French');
is($t->api(POST => '/v1/eligibility', { amount => 501, currency => 'EUR',
           msisdn => '+33600000111' }, idempotency => undef)->{json}{reason},
   'limit_month', 'so does a question before the payment');

# The limit is reached between the page and the tap.

my $both = [map { $t->create(amount => 300) } 1 .. 2];
my @seen = map { $t->checkout($_, msisdn => '33600000111') } @$both;

like($t->tap($seen[0])->{body}, qr/data-state="succeeded"/,
     'the first of two pages is charged');
like($t->tap($seen[1])->{body}, qr/more than it may in a month/,
     'the second is refused');
is(status($both->[1]), 'pending', 'the payment waits for another line');
is($t->charged($both->[1]{id}), 0, 'its operator was not called');

# Server to server: it fails at once.

my $known = known('33600000113');
my $charge = $t->charge_known($known, amount => 1500, idempotency => 'k1');

is($charge->{json}{status}, 'succeeded', 'a charge within the limit');

my $over = $t->charge_known($known, amount => 501, idempotency => 'k2');

is($over->{json}{status}, 'failed', 'a charge over the limit fails');
is($over->{json}{failure}{code}, 'limit_month', 'its failure names the limit');
is($t->charged($over->{json}{id}), 0, 'the operator of it was not called');
is($t->charge_known($known, amount => 501, idempotency => 'k2')->{body},
   $over->{body}, 'the same key has the same answer');
is($t->charge_known($known, amount => 500)->{json}{status}, 'succeeded',
   'a charge that fills the limit');
is($t->charge_known($known, amount => 50)->{json}{failure}{code},
   'limit_month', 'a cent more is a cent too much');

# A decline is taken back.

my $poor = known('33600000002');

is($t->charge_known($poor, amount => 1500)->{json}{status}, 'failed',
   'a charge that the operator declines') for 1 .. 3;
is($t->value('select month_total from carrierpay.spend s join'
    . ' carrierpay.subscriber l using (msisdn_index, live) join'
    . ' carrierpay.pseudonym n on n.subscriber_id = l.id where n.id = ?'
    . ' and s.merchant_id = 0', Carrierpay::Test::private_id($poor)), 0,
   'what was declined counts in nothing');

# A reload: the lower limit holds until the last worker that knows it is gone.

$t->{option}{operator} = 'time_zone Europe/Paris; limit month=30;';
configure();
$t->reload();
is($t->charge_known($known, amount => 50)->{json}{failure}{code},
   'limit_month', 'a limit that was raised does not hold at once');
$t->wait_ok(sub { ($t->metric('carrierpay_limits_differing') // 0) == 2 },
            'a metric tells for how many operators the limits differ');
$t->sql('update carrierpay.spend_limit set until = 1'
        . ' where max_month in (20, 2000)');
$t->wait_ok(sub {
    return $t->value('select count(*) from carrierpay.spend_limit'
                     . ' where max_month = 2000') == 0;
}, 'workers remove the limit that none of them has');
$t->wait_ok(sub { $t->metric('carrierpay_limits_differing') == 0 },
            'then none differ');
is($t->charge_known($known, amount => 1000)->{json}{status}, 'succeeded',
   'then the new one holds');
is($t->charge_known($known, amount => 50)->{json}{failure}{code},
   'limit_month', 'exactly');

# Many charges at once, by two workers each of two nodes.

$t->{option}{operator} = "time_zone Europe/Paris; limit month=$limit;";
configure();
$t->reload();
$t->start_node($plain2, $tls2);
$t->sql('delete from carrierpay.spend_limit where max_month <> ?',
        $limit * 100);

my @known = map { known('33600010' . (100 + $_)) }
            1 .. $lines;
my (%answers, %least, @sent);

for my $n (1 .. $spends) {
    my $line = int(rand($lines));
    my $amount = $fewest + int(rand($most - $fewest + 1));

    local $t->{port}{tls} = $n % 2 ? $t->{port}{tls} : $tls2;

    push(@sent, [$t->charge_known_send($known[$line], amount => $amount),
                 $line, $amount]);
    answer(@{ shift(@sent) }) if @sent >= $at_once;
}

answer(@$_) for @sent;
diag("$spends charges: ", join(', ', map { "$answers{$_} $_" }
                                         sort(keys(%answers))));

is_deeply([grep { !/^(?:limit_month|succeeded)$/ } keys(%answers)], [],
          'each charge succeeds or is over the limit');
cmp_ok($answers{limit_month}, '>', $spends / 4, 'many charges are over it');

my @charged = grep { $_->{what} eq 'charged' } $t->operator_log();
my ($count, $sum) = (scalar(@charged), 0);

$sum += $_->{amount} for @charged;
is_deeply([$t->sql("select count(*), sum(amount) from carrierpay.payment"
                   . " where state = 's'")], [[$count, $sum]],
          'what has succeeded is what the operator has charged');

for my $line (0 .. $#known) {
    my ($row) = $t->sql('select sum(p.amount),'
        . ' (select s.month_total from carrierpay.spend s'
        . '   where (s.msisdn_index, s.live) = (l.msisdn_index, l.live)'
        . '     and s.merchant_id = 0)'
        . ' from carrierpay.payment p join carrierpay.subscriber l'
        . "   on l.id = p.subscriber_id where p.state = 's'"
        . ' and p.pseudonym_id = ? group by l.id',
        Carrierpay::Test::private_id($known[$line]));
    my ($spent, $total) = @$row;

    cmp_ok($spent, '<=', $limit * 100, "line $line: not a cent over");
    is($total, $spent, "line $line: what was charged is what counts");
    cmp_ok($spent + ($least{$line} // $most), '>', $limit * 100,
           "line $line: no charge was refused that would have fitted");
}

sub answer {
    my ($sent, $line, $amount) = @_;
    my $answer = $t->receive($sent)->{json};
    my $said = $answer->{failure}{code} // $answer->{status};

    $answers{$said}++;
    $least{$line} = $amount if $said eq 'limit_month'
                               && $amount < ($least{$line} // $most);
}
