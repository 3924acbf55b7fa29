#!/usr/bin/perl

# A database that is another cell than the configuration takes it for: the node
# says so and does nothing, instead of looking for rows where they are not.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Services qw(service);
use Test::More;

my $t = Carrierpay::Test->start();
my $payment = $t->create();

is(Carrierpay::Test::private_id($payment->{id}) & 31, 0,
   'an identifier has the number of its cell');

# The last of its 13 digits is the cell.

(my $elsewhere = $payment->{id}) =~ s/.$/3/;

for my $path ('', '/refunds') {
    is($t->api(GET => "/v1/payments/$elsewhere$path")->{status}, 404,
       "GET /v1/payments/{id}$path: one of a cell that is not there");
}

my %body = ('/capture' => {}, '/cancel' => {}, '/refunds' => {},
            '/confirm' => { pin => '123456' });

for my $path (sort keys(%body)) {
    is($t->api(POST => "/v1/payments/$elsewhere$path", $body{$path})->{status},
       404, "POST /v1/payments/{id}$path: one of a cell that is not there");
}

$t->expect(qr/the database that is configured as cell 0 of 1 is cell 1 of 3/);
cell(1, 3);
reload();
$t->wait_ok(sub { alerts() == 2 },
            'another database: each worker says which one it is');
is(health()->{status}, 503, 'another database: /healthz answers 503');
like(health()->{body}, qr/"reason":"cell"/,
     'another database: /healthz says why');
is($t->api(GET => "/v1/payments/$payment->{id}")->{status}, 503,
   'another database: nothing is looked for');

cell(0, 1);
ok($t->reload(), 'the right one again: the workers are ready');
is($t->api(GET => "/v1/payments/$payment->{id}")->{status}, 200,
   'the right one again: the payment is there');


# What the database says that it is; it has rows, and would refuse to change.

sub cell {
    $t->sql('alter table carrierpay.cell disable trigger cell_refuse');
    $t->sql('update carrierpay.cell set number = ?, cells = ?,'
            . ' lines = ?', @_, $_[1]);
    $t->sql('alter table carrierpay.cell enable always trigger cell_refuse');
}

# Workers that are there, and never ready.

sub reload {
    my @old = $t->workers();

    service('reload_nginx', $t->{dir});
    $t->wait_for_workers(@old);
}

sub alerts {
    return scalar(() = $t->error_log() =~
                      /\[alert\].*the database that is configured as/g);
}

sub health { return $t->get($t->url('tls', '/healthz')) }
