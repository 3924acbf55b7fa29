#!/usr/bin/perl

# Three databases: payments lie in the home of their merchant, a merchant is
# moved, and its idempotency keys are found where they were; what a line spends
# is counted in one place; a database that is away harms only the merchants
# that live there, and one in the place of another is refused.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Cells qw(cells cell cell_of_line cell_sql cell_do
    cell_total holds_end lines_told shop start_cell stop_cell);
use Carrierpay::Test::Services qw(read_file service write_file);
use Test::More;

my $CELLS = 3;
my $t = Carrierpay::Test->start(operator => 'timeout 3s; settle 6s;',
                                cells($CELLS));

# All cells know the merchant; its home is the first one.

my ($merchant) = $t->value('select id from carrierpay.merchant');
my @later = $t->later();
my $first = $t->api(POST => '/v1/payments', $t->order(@later),
                    idempotency => 'before');

is($first->{status}, 201, 'a payment is made');
is(cell($first), 0, 'in the home of its merchant');

# The merchant is moved, while a shopper looks at a page.

my $page = $t->checkout($first->{json});

$t->admin('merchant', 'move', $merchant, '--cell=1');

my $moved;

# Workers remember a merchant for ten seconds; new ones do not.

ok($t->reload(), 'moved: new workers');
$moved = $t->api(POST => '/v1/payments', $t->order());
is(cell($moved), 1, 'moved: a new payment is made in the new home');
is($t->api(GET => "/v1/payments/$moved->{json}{id}")->{status}, 200,
   'moved: a new payment is found');
is($t->api(GET => "/v1/payments/$first->{json}{id}")->{status}, 200,
   'moved: an old one, too');

my $again = $t->api(POST => '/v1/payments', $t->order(@later),
                    idempotency => 'before');

is($again->{status}, 201, 'moved: an idempotency key of before is answered');
is($again->{json}{id}, $first->{json}{id}, 'with the payment of before');
is($t->api(POST => '/v1/payments', $t->order(amount => 500),
           idempotency => 'before')->{status}, 422,
   'moved: a key of before is refused with another request');

my @new = map { $t->api(POST => '/v1/payments', $t->order(),
                        idempotency => 'after') } 1, 2;

is($new[1]{json}{id}, $new[0]{json}{id}, 'moved: a new key is repeated');
is(cell($new[0]), 1, 'and its payment lies in the new home');
is($t->api(POST => '/v1/payments', $t->order(amount => 0),
           idempotency => 'refused')->{status}, 400,
   'moved: a request is refused');
is($t->api(POST => '/v1/payments', $t->order(),
           idempotency => 'refused')->{status}, 201,
   'moved: then its key serves another one');

# Another merchant, whose home is the third one; all know its key.

my (undef, $key) = shop($t, 2);
my $third = $t->api(POST => '/v1/payments', $t->order(), key => $key);

is($third->{status}, 201, 'another merchant makes a payment');
is(cell($third), 2, 'in its own home');

# A payment of each cell is paid, and the merchant is told.

for my $paid ($first, $moved) {
    $t->tap($paid == $first ? $page : $t->checkout($paid->{json}));
    is($t->payment($paid->{json}{id})->{status}, 'succeeded',
       'cell ' . cell($paid) . ': a shopper pays');
}

# What a line spends is counted in one database, whichever its payments are in.

# Two of each database.

my @numbers = map {
    my $cell = $_;

    (grep { cell_of_line($_) == $cell } 33600000101 .. 33600000199)[0, 1];
} 0 .. $CELLS - 1;

for my $number (@numbers) {
    for my $shop ($t->{env}{CARRIERPAY_KEY}, $key) {
        local $t->{env}{CARRIERPAY_KEY} = $shop;
        my $payment = $t->api(POST => '/v1/payments', $t->order(@later));

        $t->tap($t->checkout($payment->{json}, msisdn => $number));
        is($t->payment($payment->{json}{id})->{status}, 'succeeded',
           "$number pays in cell " . cell($payment));
    }
}

is(cell_total('count(*)', 'spend', 'not unasked'), 7,
   'each line has spent in one database');
is(spent_by_all(), 14 * 499, 'and all that it has spent');
cmp_ok(cell_total('count(*)', 'subscriber'), '>', 7,
       'and payments know those of other databases');

# A declined charge is taken back where it was counted.

my $before = spent_by_all();

for my $number ('33600000003', '33600000004') {
    my $payment = $t->create();

    $t->tap($t->checkout($payment, msisdn => $number));
    is(scalar(@{ $t->payment($payment->{id})->{attempts} }), 1,
       "$number is declined");
}

lines_told($t);
is(spent_by_all(), $before,
   'what was declined is taken back, once');

# Subscribers are charged without a page, in whichever database they lie.

my @known = map { $_->[0] } map {
    cell_sql($_, 'select id from carrierpay.pseudonym where merchant_id = ?'
            . ' and known_since is not null and id & 31 = ?', $merchant, $_)
} 0 .. $CELLS - 1;

is(scalar(@known), 7, 'the merchant knows each subscriber where its line is');

for my $id (@known) {
    my $answer = $t->charge_known(Carrierpay::Test::public_id('sub_', $id),
                                  idempotency => "known $id");

    is($answer->{json}{status}, 'succeeded', 'a subscriber of cell '
       . ($id & 31) . ' is charged');
    is($t->charge_known(Carrierpay::Test::public_id('sub_', $id),
                        idempotency => "known $id")->{json}{id},
       $answer->{json}{id}, 'once');
}

holds_end($t, 'holds end, also those of repeated requests');
is(spent_by_all(), $before + 7 * 499,
   'each charge is counted once');

# Subscribers who have consented elsewhere are imported where their lines are.

my @imported = split(/\n/, $t->admin_reads(
    join('', map { "336000000$_,100000\n" } 21 .. 25),
    qw(subscriber add demo_fr -), $merchant));

is(scalar(@imported), 5, 'numbers are imported');
is($t->charge_known($_)->{json}{status}, 'succeeded', "$_ is charged")
    for @imported;

# A limit of the subscriber holds over all databases.

my ($id) = grep { ($_ & 31) != 1 } @known;

cell_do($id & 31, 'select carrierpay.spend_own(encode(s.msisdn_index, ?),'
    . ' false, null, null, null, p.month_total + 499)'
    . ' from carrierpay.pseudonym n'
    . ' join carrierpay.subscriber s on s.id = n.subscriber_id'
    . ' join carrierpay.spend p on p.msisdn_index = s.msisdn_index'
    . ' where n.id = ? and p.merchant_id = 0 and not p.unasked', 'hex', $id);

my $sub = Carrierpay::Test::public_id('sub_', $id);
my @limited = map { $t->charge_known($sub)->{json} } 1 .. 3;

is($limited[0]{status}, 'succeeded',
   'up to the limit a subscriber is charged');
is($limited[$_]{failure}{code}, 'limit_month', 'and no further') for 1, 2;

# A payout lies in the home of its merchant, too, and takes the money there.

my @payout = ("33600000001\n", qw(payout add), $merchant,
              qw(demo_fr 10 EUR - --reference=cells));
my $payout = $t->admin_reads(@payout);

is(Carrierpay::Test::private_id($payout) & 31, 1, 'a payout is in the home');
like($t->admin('payout', 'list'), qr/^1 +\Q$payout\E /m,
     'it is listed with its cell');
$t->wait_ok(sub { $t->admin('payout', 'show', $payout)
                  =~ /^state +succeeded$/m }, 'it is sent');
is($t->admin_reads(@payout), $payout, 'its reference makes it once');

# One database is away.

stop_cell(2);
is($t->api(POST => '/v1/payments', $t->order())->{status}, 201,
   'another cell is away: payments are made');

my $help = 'select support from carrierpay.merchant where id = ?';

is_deeply([tool('merchant', 'set', $merchant, '--support=first@a.example')],
          [0, 'cell 2 has not got it: it is away'],
          'another cell is away: the tool says that it has not got it');
is((cell_sql($_, $help, $merchant))[0][0], 'first@a.example',
   "cell $_ has what all know") for 0, 1;
is_deeply([tool('cell', 'list')], [0, 'cell 2 is away'],
          'a list names the cell that is away');
is_deeply([tool('payment', 'list')], [0, 'cell 2 is away'],
          'so does one of payments');
is_deeply([tool(qw(subscriber block sub_0000000000000))],
          [0, 'cell 2 is away'], 'what looks for lines needs all cells');
is_deeply([tool('merchant', 'move', $merchant, '--cell=0')],
          [0, 'cell 2 is away'], 'so does a move');
is((cell_sql(0, 'select home_cell from carrierpay.merchant where id = ?',
             $merchant))[0][0], 1, 'which is not begun');
stop_cell(1);
$t->wait_ok(sub { $t->api(POST => '/v1/payments',
                          $t->order())->{status} == 503 },
            'the home is away: no payment is made');
is($t->api(GET => "/v1/payments/$first->{json}{id}")->{status}, 200,
   'the home is away: a payment of another cell is found');
is($t->get($t->url('tls', '/healthz'))->{status}, 200,
   'the home is away: the node is of use');
start_cell($_) for 1, 2;
$t->wait_ok(sub { $t->api(POST => '/v1/payments',
                          $t->order())->{status} == 201 },
            'the home is back: payments are made');
is($t->admin('cell', 'copy'), '', 'the others are told what all know');
is((cell_sql(2, $help, $merchant))[0][0], 'first@a.example',
   'and so know it');

# Two databases are taken for each other: nothing is done there.

my $right = $t->configuration();
my $swapped = $right =~ s{postgres([12])( \N+ cell=)}
                         {'postgres' . (3 - $1) . $2}egrx;

$t->expect(qr/database that is configured as cell 1 of 3 is cell 2 of 3/);
$t->expect(qr/database that is configured as cell 2 of 3 is cell 1 of 3/);
configure($swapped);
$t->wait_ok(sub { $t->error_log() =~ /configured as cell 2 of 3 is cell 1/ },
            'swapped: a worker says which database it has found');
is($t->get($t->url('tls', '/healthz'))->{status}, 503,
   'swapped: the node is of no use');
is($t->api(POST => '/v1/payments', $t->order())->{status}, 503,
   'swapped: no payment is made');
configure($right);
$t->wait_ok(sub { $t->api(POST => '/v1/payments',
                          $t->order())->{status} == 201 },
            'the right ones: payments are made');


sub spent_by_all {
    return cell_total('sum(month_total)', 'spend', 'not unasked');
}

# Whether the tool fails, and what it says of the cells that are away.

sub tool {
    my (@arguments) = @_;
    my $log = "$t->{root}/tool.log";

    open(my $stderr, '>&', \*STDERR) or die "stderr: $!\n";
    open(STDERR, '>', $log) or die "$log: $!\n";

    my $done = eval { $t->admin(@arguments); 1 } ? 1 : 0;

    open(STDERR, '>&', $stderr) or die "stderr: $!\n";

    return ($done, read_file($log)
                   =~ s/.*carrierpay-admin: (cell .*? is away|).*/$1/sr);
}


# Workers that need not be ready.

sub configure {
    my @old = $t->workers();

    write_file("$t->{dir}/nginx.conf", $_[0]);
    service('reload_nginx', $t->{dir});
    $t->wait_for_workers(@old);
}
