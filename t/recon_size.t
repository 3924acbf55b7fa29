#!/usr/bin/perl

# A day of an operator's payments beside its file, with a hundred differences
# of each kind, loaded by the role of reconciliation: each of them is found,
# and the tables of the payments are not locked, nor is a row of them that
# needs no outcome. RECON_ROWS=n makes it as many; "make test-recon" measures
# a million.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test::Records qw(make_day write_day_file %EXPECTED);
use Carrierpay::Test::Services qw(command from_template root service);
use DBI;
use File::Path qw(remove_tree);
use File::Temp qw(tempdir);
use JSON::PP ();
use Test::More;

my $rows = $ENV{RECON_ROWS} || 5000;
my $dir = tempdir('carrierpay-XXXXXXXX', DIR => '/tmp');
my $admin = root() . '/conf/carrierpay-admin';
my $dsn = "host=$dir/postgres dbname=carrierpay";

service('folder', $dir, '711');
from_template($dir);
service('start_postgres', "$dir/postgres", 'fsync=off');
command($admin, "--dsn=$dsn user=postgres", qw(recon mapping demo_fr),
        qw(--owner=anna --reference-column=reference --status-column=status),
        qw(--amount-column=amount --currency-column=currency --decimal=.),
        '--succeeded=OK');

my $dbh = DBI->connect("dbi:Pg:$dsn", 'postgres', '',
                       { RaiseError => 1, PrintError => 0 });

$dbh->do('set search_path = carrierpay');

my ($from, $day, $next) = $dbh->selectrow_array(
    "select extract(epoch from d)::bigint * 1000, to_char(d, 'YYYY-MM-DD'),"
    . " to_char(d + interval '1 day', 'YYYY-MM-DD') from (select"
    . " date_trunc('day', now() at time zone 'UTC') - interval '1 day' as d)"
    . ' v');

make_day($dbh, 'demo_fr', $from, $rows);
$dbh->do('vacuum analyze');

my ($lines, $agree) = write_day_file("$dir/day.csv", $from, $rows);

# A session has locked every row that needs no outcome.

$dbh->do('create role holder login');
$dbh->do('grant usage on schema carrierpay to holder');
$dbh->do('grant connect on database carrierpay to holder');
$dbh->do('grant select, update on payment to holder');

my $holder = DBI->connect("dbi:Pg:$dsn", 'holder', '',
                          { RaiseError => 1, PrintError => 0 });

$holder->begin_work();
$holder->do("select from carrierpay.payment where state = 's' for update");

my $output = command($admin, "--dsn=$dsn user=carrierpay_recon", 'recon',
                     'load', 'demo_fr', "$dir/day.csv", "--from=$day",
                     "--to=$next", '--json');
my ($said) = @{JSON::PP->new->decode($output)};

$holder->rollback();

is($said->{rows}, $lines, 'all rows are loaded');
is($said->{agrees}, $agree, 'those agree that do');
is_deeply({ map { $_ => $said->{$_} + 0 } keys(%EXPECTED) }, \%EXPECTED,
          'all differences are found, and no others');
is($dbh->selectrow_array("select count(*) from payment where state <> 's'"), 0,
   'what was unknown is ended');
is($dbh->selectrow_array('select count(*) from journal'), $rows,
   'and posted');
is($dbh->selectrow_array('select count(*) from recon_view where outcome is not'
                         . " null and result = 'applied'"),
   $EXPECTED{unknown}, 'each of them once');
like(command($admin, "--dsn=$dsn user=carrierpay_recon", 'recon', 'load',
             'demo_fr', "$dir/day.csv", "--from=$day", "--to=$next"),
     qr/^The file was loaded before: nothing has changed\.$/m,
     'once more changes nothing');

$_->disconnect() for $holder, $dbh;
done_testing();

END {
    my $status = $?;

    service('stop_postgres', "$dir/postgres") if $dir;
    remove_tree($dir) if $dir && Test::More->builder->is_passing();
    $? = $status;
}
