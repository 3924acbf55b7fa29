#!/usr/bin/perl

# Balances are exact as of the moment that they name: that moment waits for a
# transaction that may still post before it, and for no other.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Test::More;

my $t = Carrierpay::Test->start();

sub mark {
    return $t->value('select until from carrierpay.balance_mark');
}

sub now { return $t->value('select carrierpay.now_ms()') }

sub counted {
    return $t->value('select coalesce(sum(credit), 0)'
        . ' from carrierpay.balance_day b join carrierpay.account a'
        . " on a.id = b.account_id where a.code ~ ':payable\$'");
}

# What the mark must be equal to: all that was posted before it.

sub due {
    return $t->value('select coalesce(-sum(e.amount), 0)'
        . ' from carrierpay.entry e, carrierpay.balance_mark m'
        . " where e.account ~ ':payable\$' and e.at < m.until");
}

sub passes {
    my ($at, $name) = @_;

    $t->wait_ok(sub { mark() > $at }, $name);
}

# A payment is counted.

$t->pay('33600000001');
passes(now(), 'the service counts');
is(counted(), 261, 'a payment');
cmp_ok($t->metric('carrierpay_balance_timestamp_seconds'), '>=',
       now() / 1000 - 60, 'a metric tells as of when');

# The accounts are there, so that the sessions below do not wait for those.

$t->sql("select carrierpay.posting_account(0, false, 'platform:adjustment')");

# A transaction has read the clock, and has not ended; another one, which
# begins later, ends before.

my $slow = $t->dbh();

# Posts what a payment would: when it was posted.

sub post {
    my ($dbh, $reference) = @_;

    my ($id) = $dbh->selectrow_array('select carrierpay.posting_add('
        . "'a', 1, false, 'EUR', array["
        . " carrierpay.posting_account(0, false, 'platform:adjustment'),"
        . " carrierpay.posting_account(1, false, 'payable')],"
        . " array[261, -261], null, null, ?, 'test')", undef, $reference);

    return $dbh->selectrow_array('select at from carrierpay.posting'
                                 . ' where id = ?', undef, $id);
}

my $fast = $t->dbh();

$slow->begin_work();

my $at = post($slow, 'slow');
my $later = post($fast, 'fast');

cmp_ok($later, '>=', $at, 'one posts later, and ends first');

# Whatever the service does meanwhile, so does this session.

$fast->do('select carrierpay.balance_fold()') for 1 .. 5;
cmp_ok(mark(), '<=', $at, 'the mark waits for the one that has not ended');
is(counted(), 261, 'and none of the two is counted');

$slow->commit();
passes($later, 'when it has ended the mark goes on');
is(counted(), 3 * 261, 'both are counted');

# A session that only reads does not hold it.

my $reader = $t->dbh();

$reader->begin_work();
$reader->do('set transaction isolation level repeatable read');
$reader->do('select count(*) from carrierpay.payment');
passes(now(), 'a session that reads for long holds nothing up');

# A session that does all in one snapshot, which is old, counts what that
# snapshot shows, or is refused.

my $frozen = $t->dbh();

$frozen->begin_work();
$frozen->do('set transaction isolation level repeatable read');
$frozen->do('select count(*) from carrierpay.journal');
post($fast, 'behind');
eval { $frozen->do('select carrierpay.balance_fold()'); $frozen->commit(); 1 }
    or $frozen->rollback();
passes(now(), 'an old snapshot counts, or is refused');
is(counted(), due(), 'and nothing is left out');

# A session that ends without a commit is not waited for.

$slow->begin_work();
$at = post($slow, 'lost');
$fast->do('select carrierpay.balance_fold()') for 1 .. 3;
cmp_ok(mark(), '<=', $at, 'the mark waits again');
$slow->disconnect();
$slow = $t->dbh();
passes($at, 'a transaction that is lost holds nothing up');
is(counted(), due(), 'nor is it counted');

# Two sessions that count: one does, the other one reads.

$fast->begin_work();
$fast->do('select from carrierpay.balance_mark for update');

my $held = mark();

is($slow->selectrow_array('select until from carrierpay.balance_fold()'),
   $held, 'a session that finds another one counting waits for nothing');
$fast->rollback();
$reader->rollback();

# A restart: what was counted is not counted again.

$t->stop_nginx();
$t->start_nginx();
$t->pay('33600000001') for 1 .. 3;
passes(now(), 'after a restart it goes on');
is(counted(), due(), 'all is counted once');

$_->disconnect() for $slow, $fast, $reader, $frozen;

# By hand.

my @rows = split(/\n/, $t->admin('balance'));

like($rows[0], qr/^account +currency +debit +credit +balance +entries +as_of/,
     'balances are listed');
like((grep { /^test:merchant:1:payable / } @rows)[0] // '',
     qr/ EUR +0 +\d+ +-\d+ +\d+ +\d{4}-\d\d-\d\dT[\d:.]+Z$/,
     'those of each account, as of a moment');
