#!/usr/bin/perl

# Partitions are made by a worker, and an alert tells when they cannot be.
# Meanwhile payments go on; without a partition nothing is charged.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Test::More;

my $t = Carrierpay::Test->start();
my $subscriber = $t->subscriber('33600000001');

sub partitions {
    return $t->value('select count(*) from carrierpay.partition');
}

sub lose {
    my ($which) = @_;

    $t->sql("do \$\$ declare p regclass; begin for p in select partition"
            . " from carrierpay.partition where $which"
            . " loop execute format('drop table %s', p); end loop; end \$\$");
}

sub days { return $t->metric('carrierpay_partition_days') }

$t->wait_ok(sub { (days() // 0) == 14 },
            'a metric tells for how many days there are partitions');

# The partitions ahead are gone, and a session holds the table.

my $all = partitions();

lose("name = 'pin' and low >= carrierpay.id_first(carrierpay.now_ms())");

my $kept = partitions();
my $dbh = $t->dbh();

cmp_ok($kept, '<', $all, 'partitions are missing');
$dbh->begin_work();
$dbh->do('lock table carrierpay.pin in share update exclusive mode');
$t->expect(qr/the tables of the ledger have partitions for \d days/);
ok($t->reload(), 'a reload');
$t->wait_ok(sub { $t->error_log() =~ /have partitions for \d days/ },
            'an alert tells that they cannot be made');
cmp_ok(days(), '<', 7, 'so does the metric');
is(partitions(), $kept, 'none is made');
is($t->charge_known($subscriber)->{json}{status}, 'succeeded',
   'a payment meanwhile');

$dbh->rollback();
$dbh->disconnect();
ok($t->reload(), 'another reload');
$t->wait_ok(sub { days() == 14 }, 'the missing ones are made');
is(partitions(), $all, 'all of them');

# By hand.

my @list = split(/\n/, $t->admin('partition', 'list'));

like($list[0], qr/^table +partitions +first_ends +last_ends +days +keep_days/,
     'partitions are listed');
like((grep { /^pin / } @list)[0] // '', qr/^pin +\d +(?:\d{4}-\d\d-\d\d +){2}/,
     'those of each table, and their days');
is($t->admin('partition', 'ahead'), 'partitions for 14 days',
   'partitions are made by hand');
is($t->admin('partition', 'drop'), '', 'and dropped, when some are over');
$t->sql('alter table carrierpay.mo detach partition '
        . $t->value("select min(partition::text) from carrierpay.partition"
                    . " where name = 'mo'"));
$t->sql('create table carrierpay.mo_old partition of carrierpay.mo'
        . ' for values from (minvalue) to (1)');
is($t->admin('partition', 'drop'), 'mo_old',
   'a partition that is kept no longer is dropped by hand');

# Without a partition nothing is recorded, and nothing is charged.

lose("name = 'idem'");

my $charged = $t->charged();

$t->expect(qr/ledger refused a call of payment_create/);
is($t->charge_known($subscriber)->{status}, 503,
   'a payment that cannot be recorded is refused');
is($t->charged(), $charged, 'and not charged');
$t->admin('partition', 'ahead');
is($t->charge_known($subscriber)->{json}{status}, 'succeeded',
   'with partitions it goes on');
