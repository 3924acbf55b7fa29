#!/usr/bin/perl

# A ledger of one database gets another one while it is used: the lines stay
# where they are, and a merchant's new payments go there.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";
use Carrierpay::Test;
use Carrierpay::Test::Services qw(command root service write_file);
use Test::More;

my $t = Carrierpay::Test->start(
    operator => 'timeout 3s; time_zone Europe/Paris; limit month=20;');
my $number = '33600000101';
my $before = $t->pay($number, $t->later(900));

is($before->{status}, 'succeeded', 'one database: a line pays');

# The new database; both know how many there are, and what all know.

service('start_postgres', "$t->{root}/postgres1", 'fsync=off',
        'shared_buffers=32MB');
service('deploy', "$t->{root}/postgres1");
cell_set('', 0, 2);
cell_set(1, 1, 2);
ok(!eval { $t->admin('merchant', 'add', 'Half a shop'); 1 },
   'with one of them nothing is changed that both know');
$t->{option}{cells} = 2;
is($t->admin('cell', 'copy'), '', 'the new one is told what all know');
like($t->admin('cell', 'list'), qr/^0\ +2\ +yes\ +1\ .*^1\ +2\ +no\ +0\ /msx,
     'cell list: which they are');
like($t->admin('payment', 'list'), qr/^cell .*^0 +\Q$before->{id}\E/ms,
     'payment list: of both, and in which it lies');
like($t->admin('payment', 'show', $before->{id}), qr/^state +succeeded$/m,
     'payment show: finds it');
ok($t->reload(), 'workers that do not know of it are taken');
is($t->pay($number)->{status}, 'succeeded', 'and go on');

# Workers that know, and a merchant that is moved.

$t->{option}{http} = 'carrierpay_postgres host=@root@/postgres1'
    . ' dbname=carrierpay user=carrierpay timeout=2s cell=1 lines=off;';
write_file("$t->{dir}/nginx.conf", $t->configuration());
ok($t->reload(), 'workers that know of it are taken');
is($t->admin('merchant', 'move', 'Demo shop', '--cell=1'), '',
   'the merchant is moved');
ok($t->reload(), 'workers that know of the move');

my $after = $t->pay($number);

is($after->{status}, 'succeeded', 'the line pays');
is(cell($after), 1, 'in the new database');
is($after->{subscriber}, $before->{subscriber}, 'as the same subscriber');
is($t->charge_known($before->{subscriber}, amount => 400)
   ->{json}{status}, 'succeeded', 'it is charged without a page');
is($t->charge_known($before->{subscriber}, amount => 600)
   ->{json}{failure}{code}, 'consent_exceeded',
   'as far as a page of before said');

my $order = $t->create();

like($t->checkout($order, msisdn => $number)->{body},
     qr/more than it may in a month/, 'its limit is of both databases');
is($t->value('select sum(month_total) from carrierpay.spend'
             . ' where not unasked'), 3 * 499 + 400,
   'and counted where the line is');
is($t->api(POST => "/v1/payments/$before->{id}/refunds", {})
   ->{json}{status}, 'succeeded', 'a payment of before is refunded');
is($t->api(POST => "/v1/payments/$after->{id}/refunds", {})
   ->{json}{status}, 'succeeded', 'and one of the new database');


sub cell { return Carrierpay::Test::private_id($_[0]{id}) & 31 }

sub cell_set {
    my ($database, $number, $count) = @_;

    command(root() . '/conf/carrierpay-admin', '--dsn=dbname=carrierpay'
            . " user=postgres host=$t->{root}/postgres$database",
            'cell', 'set', $number, $count, '--lines=1');
}
