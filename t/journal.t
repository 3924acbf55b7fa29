#!/usr/bin/perl

# carrierpay-admin journal check: silent about true books, whatever the
# amounts, and it tells of whatever has been changed in them.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Services qw(root);
use DBI;
use Test::More;

my $t = Carrierpay::Test->start();

sub refund {
    my ($payment, $amount) = @_;

    is($t->api(POST => "/v1/payments/$payment->{id}/refunds",
               { amount => $amount })->{json}{status}, 'succeeded',
       "$amount is paid back");
}

my %payment = (paid => $t->pay('33600000001'), parts => $t->pay('33600000001'),
               captured => $t->create(capture => 'manual'),
               late => $t->charge_known($t->admin_reads('33600000002,5000',
                   qw(subscriber add demo_fr - 1)))->{json},
               tried => $t->create());

refund($payment{parts}, $_) for 100, 150;
$t->tap($t->checkout($payment{captured}));
$t->api(POST => "/v1/payments/$payment{captured}{id}/capture",
        { amount => 333 });
refund($payment{captured}, 111);
$t->tap($t->checkout($payment{tried}, msisdn => '33600000002'));
$t->tap($t->checkout($payment{tried}, msisdn => '33600000002'));
is($t->payment($payment{tried}{id})->{status}, 'pending',
   'one was declined twice');

# Redis forgets the first line of a payment after a quarter of an hour.

$t->redis(DEL => sprintf('cp:ln:%d',
                         Carrierpay::Test::private_id($payment{tried}{id})));
$t->tap($t->checkout($payment{tried}, msisdn => '33600000001'));
is($t->payment($payment{tried}{id})->{status}, 'succeeded',
   'and paid with another line');
is($t->payment($payment{late}{id})->{status}, 'failed', 'one has failed');

# The tests go on in copies of the database, which nginx does not know.

sub dsn { return "host=$t->{root}/postgres dbname=$_[0] user=postgres" }

sub copy {
    my ($from, $to) = @_;
    my $dbh = DBI->connect('dbi:Pg:' . dsn('postgres'), '', '',
                           { RaiseError => 1, PrintError => 0 });

    $dbh->do('set client_min_messages = error');
    $dbh->do("drop database if exists $to");
    $dbh->do("create database $to template $from");
    $dbh->disconnect();

    $dbh = DBI->connect('dbi:Pg:' . dsn($to), '', '',
                        { RaiseError => 1, PrintError => 0 });
    $dbh->do('set search_path = carrierpay');

    return $dbh;
}

sub check {
    my ($database) = @_;
    my $dsn = dsn($database);
    my $admin = root() . '/conf/carrierpay-admin';

    return scalar(`$admin --dsn='$dsn' journal check`);
}

$t->stop_nginx();

my $books = copy('carrierpay', 'books');

$t->start_nginx();

my %id = map { $_ => Carrierpay::Test::private_id($payment{$_}{id}) }
             keys(%payment);

# What the operator of the tests does not do: the largest amount there is, paid
# back in three parts, and a charge that comes late and is paid back.

$id{large} = $id{paid} + 1;
$books->do('insert into payment (id, amount, expires, attempt, share, tax,'
    . ' fee, contract_id, merchant_id, events, live, state, category,'
    . ' operator, currency) select p.id + 1, a, expires, attempt,'
    . ' split_share(a, 2000, operator_share_bp), split_vat(a, 2000),'
    . ' split_fee(a, fee_bp, fee_fixed), contract_id, p.merchant_id, 1,'
    . " p.live, 'r', category, p.operator, p.currency from payment p"
    . ' join contract k on k.id = contract_id'
    . ' cross join (values (999999999999)) v (a) where p.id = ?', undef,
    $id{paid});
$books->do('select payment_finish(array[?, ?]::bigint[],'
    . " array['succeeded', 'succeeded'], array[null, null]::text[],"
    . " array['late', 'late'], array[null, null]::bigint[],"
    . ' array[null, null]::bigint[], array['
    . join(', ', ('(select attempt from payment where id = ?)') x 2) . '])',
    undef, (@id{qw(large late)}) x 2);

# One of its declined attempts, too, was charged after all.

my ($attempt) = $books->selectrow_array('select id from attempt'
    . ' where payment_id = ? and number = 2', undef, $id{tried});

$books->do('select payment_finish(array[?::bigint], array[?], array[null],'
    . ' array[?], array[null]::bigint[], array[null]::bigint[],'
    . ' array[?::bigint])', undef, $id{tried}, 'succeeded', 'late', $attempt);
$books->do("select refund_finish(?, 'succeeded', null, 'back', null, null)",
           undef, $attempt);

for my $amount (1, 333_333_333_333, 666_666_666_665) {
    $books->do('select refund_begin(?, merchant_id, live, id, ?, null,'
        . ' gen_random_uuid(), gen_random_uuid()) from payment where id = ?',
        undef, $amount, $amount, $id{large});
    $books->do("select refund_finish(?, 'succeeded', null, 'back', null,"
               . ' null)', undef, $amount);
}

$books->do("select refund_finish(?, 'succeeded', null, 'back', null, null)",
           undef, $id{late});
# Payouts, each in another state.

my %payout = (sent => 1, refused => 2, canceled => 3, queued => 4);

$books->do("select payout_add(?, 1, 'demo_fr', 100, 'EUR', ?, sha256('x'),"
           . " '\\xaa')", undef, $payout{$_}, $_) for sort keys(%payout);
$books->do('select payout_begin(?)', undef, $_) for @payout{qw(sent refused)};
$books->do("select payout_finish(?, 'succeeded', null, 'op')", undef,
           $payout{sent});
$books->do("select payout_finish(?, 'failed', 'expired', null)", undef,
           $payout{refused});
$books->do('select payout_cancel(?)', undef, $payout{canceled});

# Chargebacks: the merchant bears one, with a fee, and we bear one that the
# operator takes back.

$id{borne} = $id{paid} + 3;
$id{lost} = $id{paid} + 5;
$books->do("update contract set valid_to = 8e12 where operator = 'demo_fr'");

for my $name (qw(borne lost)) {
    my ($contract) = $books->selectrow_array('select'
        . " contract_add(k.merchant_id, 'demo_fr', ?, ?,"
        . ' k.operator_share_bp, k.fee_bp, k.fee_fixed,'
        . " p_chargeback_bearer => ?, p_non_payment_bearer => 'o',"
        . ' p_chargeback_fee => 150) from payment p'
        . ' join contract k on k.id = p.contract_id where p.id = ?', undef,
        9e12 + $id{$name} % 8, 9e12 + $id{$name} % 8 + 1,
        $name eq 'lost' ? 'p' : 'm', $id{paid});

    $books->do('insert into payment select (p).* from (select'
        . ' jsonb_populate_record(p, jsonb_build_object(\'id\', ?::bigint,'
        . " 'contract_id', ?::int, 'state', 'r', 'ended', null)) as p"
        . ' from payment p where p.id = ?) x', undef, $id{$name}, $contract,
        $id{paid});
    $books->do('select payment_finish(array[?::bigint], array[?], array[null],'
        . ' array[?], array[null]::bigint[], array[null]::bigint[],'
        . ' (select array[attempt] from payment where id = ?))', undef,
        $id{$name}, 'succeeded', 'op', $id{$name});
}

charge_back(@$_) for ['borne', 100, 'c'], ['borne', 50, 'n'],
                     ['borne', 99, 'f'], ['lost', 333, 'c'], ['lost', 66, 'e'];
$books->do('select chargeback_reverse(?, 2)', undef, $id{$_})
    for qw(borne lost);

sub charge_back {
    my ($payment, $amount, $reason) = @_;

    $books->do('select chargeback_add(?, ?, ?)', undef, $id{$payment}, $amount,
               $reason);
}

$books->do("update incident set resolved_at = 1, owner = 'test'");
$books->disconnect();

like(check('books'), qr/^23 journals, .*8 refunds: no difference$/,
     'true books');

for my $case (
    ['no journal of a charge that was paid back', 'parts',
     'delete from journal where payment_id = ID and operation = 1'],
    ['no journal of a late charge', 'late',
     'delete from journal where payment_id = ID and operation = 1'],
    ['no journal of a late attempt', 'tried',
     'delete from journal where payment_id = ID and operation = -2'],
    ['no journal of the charge of an attempt', 'tried',
     'delete from journal where payment_id = ID and operation = 1'],
    ['a journal of another attempt', 'tried',
     'update journal set operation = -3 where payment_id = ID'
     . ' and operation = -2'],
    ['other amounts of an attempt', 'tried',
     'update journal set amounts = array[500, -500]'
     . ' where payment_id = ID and operation = -2'],
    ['no journal of a charge', 'paid',
     'delete from journal where payment_id = ID'],
    ['no journal of a refund', 'parts',
     'delete from journal where payment_id = ID and operation = 2'],
    ['neither a refund nor its journal', 'parts',
     'delete from journal where payment_id = ID and operation = 2',
     'delete from refund where payment_id = ID and number = 2'],
    ['no refunds and no journals of them', 'parts',
     'delete from journal where payment_id = ID and operation > 1',
     'delete from refund where payment_id = ID'],
    ['a journal of another payment', 'paid',
     'update journal set payment_id = payment_id + 2 where payment_id = ID'],
    ['a journal of another operation', 'paid',
     'update journal set operation = 9 where payment_id = ID'],
    ['a journal too many', 'paid',
     'insert into journal select payment_id, at, contract_id, 9, category,'
     . ' currency, accounts, amounts from journal where payment_id = ID'],
    ['another category', 'paid',
     "update journal set category = 't' where payment_id = ID"],
    ['other amounts', 'paid',
     'update journal set amounts[2] = amounts[2] + 1,'
     . ' amounts[3] = amounts[3] - 1 where payment_id = ID'],
    ['other accounts', 'paid',
     'update journal set accounts[2] = accounts[3], accounts[3] = accounts[2]'
     . ' where payment_id = ID'],
    ['another currency', 'paid',
     "update journal set currency = 'USD' where payment_id = ID",
     "update payment set currency = 'USD' where id = ID"],
    ['another amount', 'parts',
     'update payment set amount = 500 where id = ID'],
    ['another capture', 'captured',
     'update payment set captured = null where id = ID'],
    ['another share', 'paid',
     'update payment set share = share + 1, tax = tax - 1 where id = ID'],
    ['another share of a capture', 'captured',
     'update payment set share = share + 1, tax = tax - 1 where id = ID'],
    ['another merchant', 'paid',
     'update payment set merchant_id = 77 where id = ID'],
    ['another mode', 'paid', 'update payment set live = true where id = ID'],
    ['another operator', 'paid',
     "update payment set operator = 'demo_cm' where id = ID"],
    ['no contract', 'paid',
     'update payment set contract_id = null where id = ID'],
    ['other terms', 'paid', 'update contract set fee_bp = fee_bp + 100'],
    ['another state', 'paid', "update payment set state = 'f' where id = ID"],
    ['another state of a late charge', 'late',
     "update payment set state = 's' where id = ID"],
    ['a refund that was not made', 'paid',
     'update payment set refunded = 1 where id = ID'],
    ['more paid back', 'parts',
     'update payment set refunded = refunded + 1 where id = ID'],
    ['nothing paid back', 'parts',
     'update payment set refunded = null where id = ID'],
    ['another amount of a refund', 'parts',
     'update refund set amount = amount + 1 where payment_id = ID'],
    ['another sum of refunds', 'parts',
     'update refund set total = total + 100 where payment_id = ID'
     . ' and number = 2'],
    ['another state of a refund', 'parts',
     "update refund set state = 'f' where payment_id = ID and number = 2"],
    ['a reversal in place of a refund', 'parts',
     "update refund set kind = 'b' where payment_id = ID and number = 2"],
    ['another way of a refund', 'parts',
     "update refund set way = 'w' where payment_id = ID and number = 2"],
    ['a chargeback that is not recorded', 'borne',
     'delete from chargeback where payment_id = ID and number = 4'],
    ['a chargeback that is not posted', 'borne',
     'delete from journal where payment_id = ID and operation = 4'],
    ['neither of both', 'borne',
     'delete from journal where payment_id = ID and operation = 4',
     'delete from chargeback where payment_id = ID and number = 4',
     "delete from posting where reference = 'ID-4'"],
    ['other amounts of a chargeback', 'borne',
     'update journal set amounts[2] = amounts[2] + 1,'
     . ' amounts[3] = amounts[3] - 1 where payment_id = ID'
     . ' and operation = 4'],
    ['other amounts of a reversal', 'lost',
     'update journal set amounts[2] = amounts[2] + 1,'
     . ' amounts[3] = amounts[3] - 1 where payment_id = ID'
     . ' and operation = 4'],
    ['another amount of a chargeback', 'borne',
     'update chargeback set amount = amount + 1 where payment_id = ID'
     . ' and number = 4'],
    ['another sum of chargebacks', 'borne',
     'update chargeback set charged_back = charged_back + 1'
     . ' where payment_id = ID and number = 4'],
    ['another sum in the payment', 'borne',
     'update payment set charged_back = charged_back + 1 where id = ID'],
    ['no sum in the payment', 'borne',
     'update payment set charged_back = null where id = ID'],
    ['another bearer', 'borne',
     "update chargeback set bearer = 'p' where payment_id = ID"
     . ' and number = 4'],
    ['our loss as the merchant\'s', 'lost',
     "update chargeback set bearer = 'm' where payment_id = ID"
     . ' and number = 3'],
    ['a loss of the operator that is held', 'borne',
     "update chargeback set bearer = 'm' where payment_id = ID"
     . ' and number = 3'],
    ['a chargeback that does not count', 'borne',
     'update chargeback set counted = null where payment_id = ID'
     . ' and number = 4'],
    ['a reversal that does not count', 'borne',
     'update chargeback set counted = null where payment_id = ID'
     . ' and number = 5'],
    ['the reversal of another chargeback', 'lost',
     'update chargeback set reverses = 3 where payment_id = ID'
     . ' and number = 4'],
    ['the reversal of none', 'lost',
     'update chargeback set reverses = 9 where payment_id = ID'
     . ' and number = 4'],
    ['another reason', 'borne',
     "update chargeback set reason = 'n' where payment_id = ID"
     . ' and number = 4'],
    ['another fee', 'borne',
     'update chargeback set fee = 0 where payment_id = ID and number = 4'],
    ['a fee that is not posted', 'borne',
     "delete from posting where reference = 'ID-4'"],
    ['another amount of a fee', 'borne',
     "update posting set amounts = '{151,-151}' where reference = 'ID-4'"],
    ['another account of a fee', 'borne',
     'update posting set accounts[1] = accounts[1] + 1'
     . " where reference = 'ID-4'"],
    ['a fee in live mode', 'borne',
     "update posting set live = true where reference = 'ID-4'"],
    ['a fee that is due for nothing', 'paid',
     "update posting set reference = 'ID-2'"
     . " where reference like '%-4'"],
) {
    my ($what, $payment, @statements) = @$case;
    my $changed = copy('books', 'changed');
    my $public = Carrierpay::Test::public_id('pay_', $id{$payment});

    $changed->do("alter table $_ disable trigger all")
        for qw(payment journal refund chargeback posting contract);

    for my $statement (@statements) {
        $changed->do($statement =~ s/\bID\b/$id{$payment}/gr) > 0
            or die "changes nothing: $statement\n";
    }

    $changed->disconnect();
    like(check('changed'), qr/^\Q$public\E: (?!incident)/m,
         "the check tells of $what");
}

for my $case (
    ['no posting of a payout', 'queued',
     'delete from posting where id = HELD'],
    ['another amount of a payout', 'queued',
     'update payout set amount = 99 where id = ID'],
    ['another merchant of a payout', 'sent',
     'update posting set merchant_id = 2 where id = ENDED'],
    ['another mode of a payout', 'sent',
     'update posting set live = true where id = ENDED'],
    ['another reference of a payout', 'sent',
     "update payout set reference = 'x' where id = ID"],
    ['no posting of its end', 'sent', 'delete from posting where id = ENDED'],
    ['money that goes back and was paid', 'sent',
     "update payout set state = 'f' where id = ID"],
    ['money that was paid and goes back', 'refused',
     "update payout set state = 's' where id = ID"],
    ['another account', 'canceled',
     'update posting set accounts[2] = accounts[1],'
     . ' accounts[1] = accounts[2] where id = ENDED'],
    ['the posting of another one', 'canceled',
     'update payout set ended_by = held_by where id = ID'],
) {
    my ($what, $payout, @statements) = @$case;
    my $changed = copy('books', 'changed');
    my ($held, $ended) = $changed->selectrow_array(
        'select held_by, ended_by from payout where id = ?', undef,
        $payout{$payout});
    my $public = Carrierpay::Test::public_id('out_', $payout{$payout});

    $changed->do("alter table $_ disable trigger all") for qw(payout posting);

    for my $statement (@statements) {
        $changed->do($statement =~ s/\bID\b/$payout{$payout}/gr
                     =~ s/\bHELD\b/$held/gr =~ s/\bENDED\b/$ended/gr) > 0
            or die "changes nothing: $statement\n";
    }

    $changed->disconnect();
    like(check('changed'), qr/^\Q$public\E: (?!incident)/m,
         "the check tells of $what");
}

# A posting that no payout names.

my $changed = copy('books', 'changed');

$changed->do('alter table payout disable trigger all');
$changed->do('delete from payout where id = ?', undef, $payout{canceled});
$changed->disconnect();
like(check('changed'), qr/^posting \d+: payout of no payout$/m,
     'the check tells of postings without a payout');
