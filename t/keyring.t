#!/usr/bin/perl

# A keyring that is not the one of the database: the node says so and does
# nothing, instead of answering 401 to every key and sealing numbers that no
# other node can read. New keys beside the old ones are right.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Services qw(command read_file root service write_file);
use Test::More;

my $t = Carrierpay::Test->start(sms => 1);
my $secrets = "$t->{root}/secrets";
my $ring = read_file($secrets);
my $payment = $t->create();

ok($payment->{id}, 'the right keyring: a payment is made');

# Another keyring, as of another deployment.

unlink($secrets);
admin_alone('keyring-new', $secrets);
service('own', $secrets);
$t->expect(qr/is not the one of the database: \w+ 1 is another key/);

reload();
$t->wait_ok(sub { alerts() == 2 },
            'another keyring: each worker says so in the log');
is(health()->{status}, 503, 'another keyring: /healthz answers 503');
like(health()->{body}, qr/"reason":"keyring"/,
     'another keyring: /healthz says why');
is($t->api(GET => "/v1/payments/$payment->{id}")->{status}, 503,
   'another keyring: a right API key is answered 503');
is($t->api(GET => "/v1/payments/$payment->{id}",
           undef, key => 'sk_test_' . 'x' x 43)->{status}, 503,
   'another keyring: a wrong API key is answered 503, too');

my ($token) = $payment->{next_action}{url} =~ m{/i/(\S+)$};

is($t->get($t->url('tls', "/pay/$token"))->{status}, 503,
   'another keyring: a link is not called wrong');
is($t->get($t->url('plain', "/i/$token"))->{status}, 503,
   'another keyring: the plain listener leads nowhere');
is($t->post($t->url('plain', '/callback/sandbox/mo'),
            body => 'from=33600000001&to=38888&text=STOP')->{status}, 503,
   'another keyring: a message of a phone is to come again');
like(admin_refused(qw(key add 1)),
     qr/is not the keyring of the database: \w+ 1 is another key/,
     'another keyring: carrierpay-admin makes no key');
is(alerts(), 2, 'another keyring: each worker says so once');

# The right one again, with newer keys.

write_ring($ring);
ok($t->reload(), 'the right keyring again: the workers are ready');
is($t->api(GET => "/v1/payments/$payment->{id}")->{status}, 200,
   'the right keyring again: the API key is right');

my $newer = $ring . 'seal 2 ' . ('A' x 43) . "=\n";

write_ring($newer);
ok($t->reload(), 'a newer key beside the old ones: the workers are ready');
is($t->value('select count(*) from carrierpay.keyring_probe'), 5,
   'the newer key is remembered');
ok($t->create()->{id}, 'a newer key: a payment is made');

# A keyring from before the newer key cannot read what is sealed since then.

write_ring($ring);
$t->expect(qr/is not the one of the database: seal 2 is missing/);
reload();
$t->wait_ok(sub { alerts() == 4 },
            'a keyring from before the newer key: the workers say so');

write_ring($newer);
ok($t->reload(), 'the newer keyring again: the workers are ready');


# Workers that are there, and never ready.

sub reload {
    my @old = $t->workers();

    service('reload_nginx', $t->{dir});
    $t->wait_for_workers(@old);
}

sub alerts {
    return scalar(() = $t->error_log() =~
                      /\[alert\].*is not the one of the database/g);
}

sub health { return $t->get($t->url('tls', '/healthz')) }

# A file that nginx finds whole and may read.

sub write_ring {
    my ($text) = @_;

    write_file($secrets, $text, 0600);
    service('own', $secrets);
}

sub admin_alone {
    return command(root() . '/conf/carrierpay-admin', @_);
}

sub admin_refused {
    my @command = (root() . '/conf/carrierpay-admin',
                   "--dsn=host=$t->{root}/postgres dbname=carrierpay"
                   . ' user=postgres', "--secrets=$secrets", @_);

    return command('sh', '-c', '! "$0" "$@" 2>&1', @command);
}
